export * from './client.ts'
export * from './needs.ts'
