export type { LinkTarget, SignInLinks } from './links.ts'
export { isSignIn, SignIn } from './sign-in.ts'
