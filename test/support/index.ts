export * from './client.ts'
export * from './needs.ts'
export * from './zip.ts'
