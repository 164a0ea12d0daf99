// What many tests need: accounts, statements, policies and checks of times, each written once.

export * from './accounts.ts'
export * from './policies.ts'
export * from './times.ts'
