export { Containers } from './containers.ts'
export { Metadata } from './metadata.ts'
export * from './workload.ts'
export type { WearerName } from './worn.ts'
