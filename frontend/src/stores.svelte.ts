import { createContext } from 'svelte'
import type { Store } from './api'
import type { Live } from './api/live.svelte'

/** The connected stores, asked for once by the shell and shown in many places. */
export const [getStores, setStores] = createContext<Live<Store[]>>()
