export { listen } from './listener.ts'
export * from './workload.ts'
