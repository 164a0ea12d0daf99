// Derived by tools/models.ts from the IAM Toolbox (Preview) model, version 2018-05-10. Not to be edited.

export interface AccessDeniedException {
  readonly message?: string | undefined
}

export interface AttachedTo {
  readonly arn?: string | undefined
}

export type EvaluatedEffect = 'ALLOW' | 'EXPLICIT_DENY' | 'IMPLICIT_DENY'

export interface Evaluation {
  readonly action?: string | undefined
  readonly resource?: string | undefined
  readonly context?: Readonly<Record<string, unknown>> | undefined
  readonly evaluatedEffect?: EvaluatedEffect | undefined
  readonly matchedPolicies?: readonly MatchedPolicy[] | undefined
}

export interface GetRequestAuthorizationDetailsInput {
  readonly authorizationId: string
  readonly nextToken?: string | undefined
}

export interface GetRequestAuthorizationDetailsOutput {
  readonly requestContext?: Readonly<Record<string, unknown>> | undefined
  readonly evaluations?: readonly Evaluation[] | undefined
  readonly policies?: readonly PolicyInfo[] | undefined
  readonly nextToken?: string | undefined
}

export interface InternalServerException {
  readonly message?: string | undefined
}

export interface MatchedPolicy {
  readonly uri: string
  readonly matchedStatements?: readonly MatchedStatement[] | undefined
}

export interface MatchedStatement {
  readonly sid?: string | undefined
  readonly evaluatedEffect?: StatementEffect | undefined
}

export interface PolicyInfo {
  readonly type?: PolicyType | undefined
  readonly inline?: boolean | undefined
  readonly uri: string
  readonly attachedTo?: readonly AttachedTo[] | undefined
}

export type PolicyType = 'IDENTITY_BASED_POLICY' | 'RESOURCE_BASED_POLICY' | 'PERMISSIONS_BOUNDARY' | 'SESSION_POLICY' | 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY' | 'VPC_ENDPOINT_POLICY'

export interface ResourceNotFoundException {
  readonly message?: string | undefined
}

export type StatementEffect = 'ALLOW' | 'DENY'

export interface ValidationException {
  readonly message?: string | undefined
}

/** Every operation of the model with its input and output. */
export interface Operations {
  GetRequestAuthorizationDetails: { readonly input: GetRequestAuthorizationDetailsInput; readonly output: GetRequestAuthorizationDetailsOutput }
}
