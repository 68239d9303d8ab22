import { registerLoaders } from 'wuchale/load-utils'
import { loadCatalog, loadIDs } from './.wuchale/script.proxy.js'

export const getRuntime = registerLoaders('script', loadCatalog, loadIDs)
export const getRuntimeRx = getRuntime
