export { credentialsFor, type SessionOptions } from './credentials.ts'
export { type ClientOptions, Identity, type IdentityHouse } from './identity.ts'
export {
  type ClientCredentials,
  type FetchOptions,
  InProcess,
  type SdkRequest,
  type SdkResponse,
} from './in-process.ts'
