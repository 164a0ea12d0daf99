export { isSignIn, SignIn } from './sign-in.ts'
