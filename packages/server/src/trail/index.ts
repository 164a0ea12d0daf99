export * from './event.ts'
export * from './recorder.ts'
export * from './shape.ts'
