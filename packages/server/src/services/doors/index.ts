export { isForm, mediaType } from './form.ts'
export { type AskedIssuer, askedIssuer, issuerDomain } from './issuer.ts'
export { asksOauth, metadataPath, readableMethods } from './oauth.ts'
export { isSignIn } from './sign-in.ts'
