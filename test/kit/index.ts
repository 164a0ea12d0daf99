// What many tests need: accounts, statements and policies, each written once.

export * from './accounts.ts'
export * from './policies.ts'
