export * from './client.ts'
export * from './needs.ts'
export * from './upstream.ts'
export * from './zip.ts'
