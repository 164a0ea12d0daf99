// Derived by tools/models.ts from the Account Access Runtime model, version 2018-05-10. Not to be edited.

export interface AccessDeniedException {
  readonly message?: string | undefined
}

export interface AccessDetails {
  readonly accountId: string
  readonly accountName?: string | undefined
  readonly roleArn: string
}

export type AccessType = 'PROGRAMMATIC_ACCESS'

export interface CredentialsDetails {
  readonly programmaticAccess?: ProgrammaticAccessDetails | undefined
}

export interface GetRoleCredentialsRequest {
  readonly authorization?: string | undefined
  readonly tenantId: string
  readonly roleArn: string
  readonly accessType: AccessType
  readonly sessionName?: string | undefined
  readonly sessionDuration?: number | undefined
}

export interface GetRoleCredentialsResponse {
  readonly credentialsDetails?: CredentialsDetails | undefined
}

export interface InternalServerException {
  readonly message?: string | undefined
}

export interface ListRolesRequest {
  readonly authorization?: string | undefined
  readonly tenantId: string
  readonly maxResults?: number | undefined
  readonly nextToken?: string | undefined
}

export interface ListRolesResponse {
  readonly roles: readonly AccessDetails[]
  readonly nextToken?: string | undefined
}

export interface ProgrammaticAccessDetails {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiresAt: number
}

export interface ThrottlingException {
  readonly message?: string | undefined
}

export interface UnauthorizedException {
  readonly message?: string | undefined
}

export interface ValidationException {
  readonly message?: string | undefined
}

/** Every operation of the model with its input and output. */
export interface Operations {
  GetRoleCredentials: { readonly input: GetRoleCredentialsRequest; readonly output: GetRoleCredentialsResponse }
  ListRoles: { readonly input: ListRolesRequest; readonly output: ListRolesResponse }
}
