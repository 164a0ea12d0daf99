export { isEventCursor } from './cursor.ts'
export { openSqliteStore, type SqliteLocation } from './sqlite/open.ts'
export type { SqliteStore, StoreStatistics } from './sqlite/store.ts'
export * from './types.ts'
