export { isRedirected, redirected, redirectIssuer } from './issuer-keys.ts'
export { signToken, type TokenSigner, tokenSigner } from './own-token.ts'
export type { Provider } from './providers.ts'
export { type Asking, type VerifiedToken, verifyToken, verifyTokenOf } from './token.ts'
