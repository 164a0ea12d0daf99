export { checkAssume } from './history.ts'
export type { LinkTarget, SignInLinks } from './links.ts'
export { accountOf } from './password-login.ts'
export { isSignIn, SignIn } from './sign-in.ts'
