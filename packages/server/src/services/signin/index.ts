export type { Perform, Performed } from './perform.ts'
export { isSignIn, SignIn } from './sign-in.ts'
