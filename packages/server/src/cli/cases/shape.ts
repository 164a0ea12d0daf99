import { seededMembers } from '../../learn/form/index.ts'
import { either, list, map, object, oneOf, oneOrMany, type Shape, text } from '../../shape/index.ts'

const anything: Shape = { type: 'anything' }
const flag: Shape = { type: 'flag' }
const policy = either(
  [text(), anything],
  'A policy document; or the path of a file that holds one, relative to this file. Of a template or plan: FILE#ID, where ID is a logical id, an address, or the role that the policies are attached to.',
)
const policies = list(policy)
const levels = list(policies, 'Levels from the organization’s root to the account.')
const context = map(either([text(), flag, list(either([text(), flag]))]), 'Condition keys of the request.')
const account = text('An account’s number.', /^\d{12}$/)

const layers = {
  identity: policies,
  boundary: policies,
  session: policies,
  resource: policy,
  scp: levels,
  rcp: levels,
  endpoint: policies,
}

const principal = object(
  {
    arn: text('The ARN of a user or role. Default: a role of the principal’s name.'),
    role: text('FILE#ID: a role of a template or plan, with its policies.'),
    identity: policies,
    boundary: policies,
    session: policies,
    context,
  },
  [],
  'A caller, with the policies that decide.',
)

const given = object(
  {
    account,
    seed: text('A seed file: its users and roles may be named as user/NAME and role/NAME.'),
    principals: map(principal, 'Principals by a name of your choice.'),
    resources: map(
      object({ policy, account }),
      'Resource policies by the ARN of the resource; * and ? match as in policies.',
    ),
    organization: either(
      [text(), object({ scp: levels, rcp: levels })],
      'SCPs and RCPs. Of paths: the path of a file that holds the organization.',
    ),
    endpoint: policies,
    context,
    from: text('What aws iam get-account-authorization-details prints: the account that paths are asked of.'),
    inventory: text('A file that holds the inventory of that account.'),
  },
  [],
  'What all cases of this file share.',
)

const request = object(
  {
    principal: either([text(), object({ service: text() }, ['service'])]),
    action: text(),
    resource: text(),
    resourceAccount: account,
    context,
  },
  ['principal', 'action', 'resource'],
)

const expectations = ['allowed', 'denied', 'explicitDeny', 'implicitDeny'] as const
const because = text('The layer, the statement’s Sid or the policy that decides.')

const paths = object(
  {
    from: oneOrMany(text(), 'Users and roles: user/*, role/ci, a name or an ARN; * and ? match any text.'),
    to: oneOrMany(text(), 'administrator (default), or users and roles.'),
    expect: oneOf(
      ['none', 'conditional', 'proven'] as const,
      'none: no path is proven or conditional. conditional: no path is proven. proven: every path is.',
    ),
    except: oneOrMany(text(), 'Those of `from` that are not asked.'),
    derived: {
      type: 'flag',
      description: 'Also use techniques that follow from documentation and were not tried.',
    },
    steps: {
      type: 'number',
      description:
        'The maximum number of steps of the search; if they are spent, what was not found is undecided.',
    },
  },
  ['from', 'expect'],
  'What must be true of the paths from users and roles to an administrator, or to each other.',
)

const oneCase = object({
  name: text(),
  request,
  policies: object(layers),
  expect: oneOf(expectations, 'denied is either kind of denial.'),
  because,
  who: text('A principal of `given`, or user/NAME or role/NAME of its seed; of calls also $NAME.'),
  can: oneOrMany(text(), 'Actions that are allowed.'),
  cannot: oneOrMany(text(), 'Actions that are denied.'),
  'can-assume': oneOrMany(text(), 'Roles of the seed that can be assumed.'),
  'cannot-assume': oneOrMany(text(), 'Roles of the seed that cannot be assumed.'),
  'can-pass': oneOrMany(text(), 'Roles of the seed that can be passed to the service in `to`.'),
  'cannot-pass': oneOrMany(text(), 'Roles of the seed that cannot be passed to the service in `to`.'),
  to: text('A service, for example lambda.amazonaws.com.'),
  on: oneOrMany(text(), 'ARNs of resources. Default: *.'),
  context,
  paths,
  ...seededMembers,
})

const file = object(
  { $schema: text('The JSON Schema that an editor checks this file with.'), given, cases: list(oneCase) },
  ['cases'],
)

/** A file of cases with their shared members. */
export const caseFileShape: Shape = file
/** A single case, as a file may be. */
export const oneCaseShape: Shape = oneCase
/** The list of cases that a file may be. */
export const caseListShape: Shape = list(oneCase)
/** Any of the three, for the JSON Schema. */
export const anyCaseShape: Shape = either([file, list(oneCase), oneCase])
