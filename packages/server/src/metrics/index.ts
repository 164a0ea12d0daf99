export { type ObservedStore, observeStore } from './observed-store.ts'
export { contentType, type Histogram, type Labels, Registry } from './registry.ts'
