export * from './event.ts'
export * from './shape.ts'
