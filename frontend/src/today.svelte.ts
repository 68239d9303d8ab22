import { createContext } from 'svelte'
import type { Today } from './api'
import type { Live } from './api/live.svelte'

/** Whether everything is even, asked for once by the shell: the sidebar counts what the screen lists. */
export const [getToday, setToday] = createContext<Live<Today>>()
