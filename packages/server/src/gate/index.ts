export { adminName, type FirstKeys, newFirstKeys, type PlainKey } from './bootstrap.ts'
export { limits } from './limits.ts'
export { Omen, type OmenParts } from './omen.ts'
export { type Handler, type OpenGate, openGate } from './server.ts'
