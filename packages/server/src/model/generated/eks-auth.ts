// Derived by tools/models.ts from the Amazon EKS Auth model, version 2023-11-26. Not to be edited.

export interface AccessDeniedException {
  readonly message?: string | undefined
}

export interface AssumeRoleForPodIdentityRequest {
  readonly clusterName: string
  readonly token: string
}

export interface AssumeRoleForPodIdentityResponse {
  readonly subject: Subject
  readonly audience: string
  readonly podIdentityAssociation: PodIdentityAssociation
  readonly assumedRoleUser: AssumedRoleUser
  readonly credentials: Credentials
}

export interface AssumedRoleUser {
  readonly arn: string
  readonly assumeRoleId: string
}

export interface Credentials {
  readonly sessionToken: string
  readonly secretAccessKey: string
  readonly accessKeyId: string
  readonly expiration: number
}

export interface ExpiredTokenException {
  readonly message?: string | undefined
}

export interface InternalServerException {
  readonly message?: string | undefined
}

export interface InvalidParameterException {
  readonly message?: string | undefined
}

export interface InvalidRequestException {
  readonly message?: string | undefined
}

export interface InvalidTokenException {
  readonly message?: string | undefined
}

export interface PodIdentityAssociation {
  readonly associationArn: string
  readonly associationId: string
}

export interface ResourceNotFoundException {
  readonly message?: string | undefined
}

export interface ServiceUnavailableException {
  readonly message?: string | undefined
}

export interface Subject {
  readonly namespace: string
  readonly serviceAccount: string
}

export interface ThrottlingException {
  readonly message?: string | undefined
}

/** Every operation of the model with its input and output. */
export interface Operations {
  AssumeRoleForPodIdentity: { readonly input: AssumeRoleForPodIdentityRequest; readonly output: AssumeRoleForPodIdentityResponse }
}
