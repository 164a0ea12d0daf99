import { parseOperator } from '../condition/operators.ts'
import { bareStar } from '../document/bare-star.ts'
import type { FindingClass, Path } from '../document/finding.ts'
import type { Policy, PrincipalEntry, Statement } from '../document/policy.ts'
import { compileAction } from '../match/action.ts'
import type { Report } from '../parse/report.ts'
import { emptyContext } from '../request/context.ts'

const githubIssuer = 'token.actions.githubusercontent.com'
const builtIn =
  /^(?:cognito-identity\.amazonaws\.com|www\.amazon\.com|graph\.facebook\.com|accounts\.google\.com)$/
const providerForm = /^arn:[^:]+:iam::\d{12}:(?:oidc|saml)-provider\/./

/** Trust policies with parts that contradict each other, or that allow more callers than intended (behaviour POL-150). */
export function checkTrust({ kind, statements }: Policy, report: Report): void {
  if (kind !== 'trust') return
  const allowed = statements.filter(({ effect }) => effect === 'Allow').map(({ action }) => action)
  const missing = needed.filter((wanted) => !allowed.some((action) => covers(action, wanted)))
  for (const statement of statements) new TrustCheck(statement, missing, report).check()
}

/** Actions that others require, in the same statement or another one. */
const needed = ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'] as const

function covers({ negated, values }: Statement['action'], wanted: string): boolean {
  return values.some(({ value }) => compileAction(value)(wanted.toLowerCase(), emptyContext)) !== negated
}

class TrustCheck {
  readonly #statement: Statement
  /** Of the needed actions, those that no statement allows. */
  readonly #missing: readonly string[]
  readonly #report: Report
  readonly #path: Path
  readonly #keys: ReadonlySet<string>

  constructor(statement: Statement, missing: readonly string[], report: Report) {
    this.#statement = statement
    this.#missing = missing
    this.#report = report
    this.#path = ['Statement', statement.index]
    this.#keys = new Set(statement.condition.map(({ key }) => key.toLowerCase()))
  }

  check(): void {
    const entries = this.#statement.principal?.entries ?? []
    this.#wildcard()
    this.#sessions(entries)
    for (const entry of entries) this.#provider(entry)
    this.#actions(entries)
    this.#audience()
    if (this.#statement.effect !== 'Allow') return
    this.#missingActions(entries)
    this.#github(entries)
  }

  /** Reports `"Principal": "*"`, but not `{"AWS": "*"}`, which conditions may restrict. */
  #wildcard(): void {
    const { principal } = this.#statement
    const star = principal && bareStar(principal)
    if (star === undefined) return
    this.#note(
      'error',
      'ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL',
      '"Principal:" "*" is not supported in the principal element of a role trust policy. Replace the wildcard with a valid principal value.',
      star,
    )
  }

  #sessions(entries: readonly PrincipalEntry[]): void {
    const roles = new Set(entries.map(({ value }) => value))
    for (const entry of entries) {
      const [, partition, account, name] =
        /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(entry.value) ?? []
      const role = `arn:${partition}:iam::${account}:role/${name}`
      if (name === undefined || !roles.has(role)) continue
      this.#note(
        'suggestion',
        'REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY',
        `The assumed-role principal ${entry.value} is redundant with its parent role ${role}. Remove the assumed-role principal.`,
        entry,
      )
    }
  }

  #provider(entry: PrincipalEntry): void {
    if (entry.type !== 'Federated' || providerForm.test(entry.value)) return
    if (/^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:\/\S*)?$/.test(entry.value)) return
    this.#note(
      'error',
      'INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY',
      'The principal value specifies a federated principal that does not match the expected format. Update the federated principal to a domain name or a SAML metadata ARN.',
      entry,
    )
  }

  /** Assertions come with AssumeRoleWithSAML, tokens with AssumeRoleWithWebIdentity, callers with AssumeRole. */
  #actions(entries: readonly PrincipalEntry[]): void {
    if (this.#statement.effect !== 'Allow' || this.#statement.action.negated || entries.length === 0) return
    const named = entries.slice(0, mostNamed).map(({ value }) => value)
    const names = [...named, ...(entries.length > mostNamed ? ['…'] : [])].join(', ')
    const misfits = new Set(fitting.filter(([, fits]) => !entries.some(fits)).map(([action]) => action))
    for (const action of this.#statement.action.values) {
      if (!misfits.has(action.value.toLowerCase())) continue
      this.#note(
        'error',
        'MISMATCHED_ACTION_FOR_PRINCIPAL',
        `The ${action.value} action is invalid with the following principal(s): ${names}. Use a SAML provider principal with the sts:AssumeRoleWithSAML action or use an OIDC provider principal with the sts:AssumeRoleWithWebIdentity action. Ensure the provider is Federated if you use either of the two options.`,
        action,
      )
    }
  }

  /** A token names its recipients in one claim, and the claim has one value (behaviour LNT-22). */
  #audience(): void {
    for (const { operator, key, span } of this.#statement.condition) {
      const [, claim = ''] = /:(aud|azp|oaud)$/i.exec(key) ?? []
      if (claim === '' || parseOperator(operator).set === undefined) continue
      // ForAnyValue on the claim aud is a security warning
      if (parseOperator(operator).set === 'ForAnyValue' && /^aud$/i.test(claim)) continue
      this.#note(
        'suggestion',
        'CONFIRM_AUDIENCE_CLAIM_TYPE',
        `The "${key}" (${claim.toLowerCase()}) claim key identifies the recipients that the JSON web token is intended for. Because this claim is single-valued, do not use a qualifier.`,
        { span },
      )
    }
  }

  #missingActions(entries: readonly PrincipalEntry[]): void {
    const missing = settingActions.filter(([, action]) => this.#missing.includes(action))
    for (const { key, span } of this.#statement.condition) {
      const action = missing.find(([keys]) => keys.test(key))?.[1]
      if (action === undefined) continue
      this.#note(
        'error',
        'MISSING_ACTION_FOR_CONDITION_KEY',
        `The ${action} action must be in the action block to allow setting values for the condition key ${key}. Add ${action} to the action block.`,
        { span },
      )
    }
    const anywhere = entries.find(({ value }) => value === 'rolesanywhere.amazonaws.com')
    if (anywhere === undefined || this.#missing.length === 0) return
    this.#note(
      'error',
      'MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY',
      'The rolesanywhere.amazonaws.com service principal requires the sts:AssumeRole, sts:SetSourceIdentity, and sts:TagSession permissions to assume a role. Add the missing permissions to the policy.',
      anywhere,
    )
  }

  #github(entries: readonly PrincipalEntry[]): void {
    const provider = entries.find(({ value }) => value.endsWith(`:oidc-provider/${githubIssuer}`))
    if (provider === undefined) return
    const subjects = this.#statement.condition.filter(
      ({ key }) => key.toLowerCase() === `${githubIssuer}:sub`,
    )
    if (subjects.length === 0) {
      this.#note(
        'securityWarning',
        'MISSING_GITHUB_REPO_CONDITION_KEY',
        `Granting a federated GitHub principal permissions without a condition key can allow more sources to assume the role than you intended. Add the ${githubIssuer}:sub condition key and specify the branch and repository name in the value.`,
        provider,
      )
    }
    if (this.#keys.has(`${githubIssuer}:ref`)) return
    for (const value of subjects.flatMap(({ values }) => values)) {
      if (!value.value.includes('*')) continue
      this.#note(
        'warning',
        'SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED',
        `Using a wildcard (*) in ${githubIssuer}:sub can allow requests from more sources than you intended. Specify the value of ${githubIssuer}:sub with the repository and branch name. If the subject claim does not include the branch, specify it in a ${githubIssuer}:ref condition key.`,
        value,
      )
    }
  }

  #note(kind: FindingClass, code: string, message: string, { span }: Pick<PrincipalEntry, 'span'>): void {
    this.#report.note(kind, code, message, this.#path, span)
  }
}

/** Maximum principals in one message. Every action may get a message, and both lists have no limit. */
const mostNamed = 20

/** Keys whose values a call sets by a separate action. */
const settingActions: readonly (readonly [keys: RegExp, action: string])[] = [
  [/^sts:sourceidentity$/i, 'sts:SetSourceIdentity'],
  [/^(?:aws:requesttag\/|aws:tagkeys$|sts:transitivetagkeys$)/i, 'sts:TagSession'],
]

const isSaml = ({ type, value }: PrincipalEntry): boolean =>
  type === 'Federated' && value.includes(':saml-provider/')
const isToken = ({ type, value }: PrincipalEntry): boolean =>
  type === 'Federated' && (builtIn.test(value) || value.includes(':oidc-provider/'))

/** The principals that each action accepts. */
const fitting: readonly (readonly [action: string, fits: (entry: PrincipalEntry) => boolean])[] = [
  ['sts:assumerolewithsaml', isSaml],
  ['sts:assumerolewithwebidentity', isToken],
  ['sts:assumerole', ({ type }) => type !== 'Federated'],
]
