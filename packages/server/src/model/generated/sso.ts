// Derived by tools/models.ts from the AWS Single Sign-On model, version 2019-06-10. Not to be edited.

export interface AccountInfo {
  readonly accountId?: string | undefined
  readonly accountName?: string | undefined
  readonly emailAddress?: string | undefined
}

export interface GetRoleCredentialsRequest {
  readonly roleName: string
  readonly accountId: string
  readonly accessToken: string
}

export interface GetRoleCredentialsResponse {
  readonly roleCredentials?: RoleCredentials | undefined
}

export interface InvalidRequestException {
  readonly message?: string | undefined
}

export interface ListAccountRolesRequest {
  readonly nextToken?: string | undefined
  readonly maxResults?: number | undefined
  readonly accessToken: string
  readonly accountId: string
}

export interface ListAccountRolesResponse {
  readonly nextToken?: string | undefined
  readonly roleList?: readonly RoleInfo[] | undefined
}

export interface ListAccountsRequest {
  readonly nextToken?: string | undefined
  readonly maxResults?: number | undefined
  readonly accessToken: string
}

export interface ListAccountsResponse {
  readonly nextToken?: string | undefined
  readonly accountList?: readonly AccountInfo[] | undefined
}

export interface LogoutRequest {
  readonly accessToken: string
}

export interface ResourceNotFoundException {
  readonly message?: string | undefined
}

export interface RoleCredentials {
  readonly accessKeyId?: string | undefined
  readonly secretAccessKey?: string | undefined
  readonly sessionToken?: string | undefined
  readonly expiration?: number | undefined
}

export interface RoleInfo {
  readonly roleName?: string | undefined
  readonly accountId?: string | undefined
}

export interface TooManyRequestsException {
  readonly message?: string | undefined
}

export interface UnauthorizedException {
  readonly message?: string | undefined
}

/** Every operation of the model with its input and output. */
export interface Operations {
  GetRoleCredentials: { readonly input: GetRoleCredentialsRequest; readonly output: GetRoleCredentialsResponse }
  ListAccountRoles: { readonly input: ListAccountRolesRequest; readonly output: ListAccountRolesResponse }
  ListAccounts: { readonly input: ListAccountsRequest; readonly output: ListAccountsResponse }
  Logout: { readonly input: LogoutRequest; readonly output: undefined }
}
