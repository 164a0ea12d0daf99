import type { OfferedApi, ServedApi } from '../authorization/index.ts'

/** The loader of each API, by the name of its folder. */
const folders: Readonly<Record<string, () => Promise<ServedApi>>> = {
  'account-access': async () => (await import('./account-access/index.ts')).accountAccess,
  'account-access-runtime': async () =>
    (await import('./account-access-runtime/index.ts')).accountAccessRuntime,
  cloudtrail: async () => (await import('./cloudtrail/index.ts')).cloudtrail,
  'cognito-identity': async () => (await import('./cognito-identity/index.ts')).cognitoIdentity,
  ec2: async () => (await import('./ec2/index.ts')).ec2,
  eks: async () => (await import('./eks/index.ts')).eks,
  'eks-auth': async () => (await import('./eks-auth/index.ts')).eksAuth,
  iam: async () => (await import('./iam/index.ts')).iam,
  'iam-toolbox': async () => (await import('./iam-toolbox/index.ts')).iamToolbox,
  identitystore: async () => (await import('./identitystore/index.ts')).identityStore,
  lambda: async () => (await import('./lambda/index.ts')).lambda,
  omen: async () => (await import('./omen/index.ts')).omen,
  organizations: async () => (await import('./organizations/index.ts')).organizations,
  rolesanywhere: async () => (await import('./rolesanywhere/index.ts')).rolesAnywhere,
  signin: async () => (await import('./signin/index.ts')).signin,
  sso: async () => (await import('./sso/index.ts')).sso,
  'sso-admin': async () => (await import('./sso-admin/index.ts')).ssoAdmin,
  'sso-oidc': async () => (await import('./sso-oidc/index.ts')).ssoOidc,
  sts: async () => (await import('./sts/index.ts')).sts,
}

/** Every API that this server serves. */
export const servedApis: readonly OfferedApi[] = Object.entries(folders).map(([id, load]) => ({ id, load }))
