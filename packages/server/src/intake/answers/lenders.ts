import { given } from '../../base/index.ts'
import type { IdentityPool, PoolRoleMapping } from '../../directory/index.ts'
import type { AccountImage } from '../../image/index.ts'
import { member, membersOf } from '../../sources/index.ts'
import type { Fields } from '../fields.ts'
import { intakeLimits } from '../limits.ts'
import { type Answer, type AnswerReader, accountOfArn, forms, type Reading } from './answer.ts'

const ids = {
  pod: /^arn:aws[a-z-]*:eks:([a-z0-9-]{1,32}):\d{12}:podidentityassociation\/([A-Za-z0-9_-]{1,100})\/(a-[a-z0-9]{1,64})$/,
  pool: /^[\w-]{1,55}:[0-9a-f-]{1,64}$/,
  anywhere: /^arn:aws[a-z-]*:rolesanywhere:([a-z0-9-]{1,32}):\d{12}:(trust-anchor|profile)\/([0-9a-f-]{36})$/,
} as const

/**
 * Answers of eks, cognito-identity and rolesanywhere about what gives roles to pods, to users of identity pools and to holders
 * of certificates (behaviour POD-31).
 */
export const lenderReaders: readonly AnswerReader[] = [
  {
    namesAccount: true,
    fits: (fields) => fields.inner('association').has('associationArn'),
    read({ fields }, reading) {
      const each = fields.inner('association')
      const arn = each.needs('associationArn', ids.pod)
      const [, region = '', cluster = '', id = ''] = ids.pod.exec(arn) ?? []
      const targetRole = each.text('targetRoleArn', forms.arn)
      addOwn(arn, each, reading, 'podAssociations', {
        id,
        region,
        cluster,
        namespace: each.needs('namespace'),
        serviceAccount: each.needs('serviceAccount'),
        roleArn: each.needs('roleArn', forms.arn),
        target:
          targetRole === undefined
            ? undefined
            : { roleArn: targetRole, externalId: each.text('externalId') ?? '' },
        policy: each.text('policy'),
        disableSessionTags: each.flag('disableSessionTags'),
        tags: textsIn(each, 'tags'),
        createdAt: each.instant('createdAt'),
        modifiedAt: each.instant('modifiedAt'),
      })
    },
  },
  {
    // the list has no roles: describe-pod-identity-association has them
    namesAccount: true,
    fits: (fields) => fields.objectsIfAny('associations')[0]?.has('associationArn') === true,
    read() {},
  },
  {
    namesAccount: false,
    fits: (fields) => fields.has('IdentityPoolId') && fields.has('IdentityPoolName'),
    read(answer, reading) {
      const { fields } = answer
      addPool(answer, reading, {
        name: fields.needs('IdentityPoolName'),
        letsGuests: fields.flag('AllowUnauthenticatedIdentities'),
        letsClassic: fields.flag('AllowClassicFlow'),
        supportedLogins: textsIn(fields, 'SupportedLoginProviders'),
        developerProvider: fields.text('DeveloperProviderName'),
        oidcProviders: fields.texts('OpenIdConnectProviderARNs'),
        samlProviders: fields.texts('SamlProviderARNs'),
        userPools: fields.objects('CognitoIdentityProviders', intakeLimits.parts).map((each) => ({
          provider: each.needs('ProviderName'),
          clientId: each.needs('ClientId'),
          checksToken: each.flag('ServerSideTokenCheck') ?? false,
        })),
        tags: textsIn(fields, 'IdentityPoolTags'),
      })
    },
  },
  {
    namesAccount: false,
    fits: (fields) => fields.has('IdentityPoolId') && fields.has('IdentityProviderName'),
    read(answer, reading) {
      const { fields } = answer
      const map = {
        useDefaults: fields.flag('UseDefaults') ?? false,
        tags: textsIn(fields, 'PrincipalTags') ?? {},
      }
      addPool(answer, reading, { tagMaps: { [fields.needs('IdentityProviderName')]: map } })
    },
  },
  {
    namesAccount: false,
    fits: (fields) => fields.has('IdentityPoolId') && !fields.has('IdentityId') && !fields.has('Identities'),
    read(answer, reading) {
      addPool(answer, reading, {
        roles: textsIn(answer.fields, 'Roles') ?? {},
        mappings: mappingsIn(answer.fields),
      })
    },
  },
  {
    // names alone: describe-identity-pool and get-identity-pool-roles have the rest
    namesAccount: true,
    fits: (fields) => fields.objectsIfAny('IdentityPools')[0]?.has('IdentityPoolId') === true,
    read() {},
  },
  ...['trustAnchor', 'profile'].flatMap((name): readonly AnswerReader[] => [
    {
      namesAccount: true,
      fits: (fields) => fields.objectsIfAny(`${name}s`)[0]?.has(`${name}Arn`) === true,
      read({ fields }, reading) {
        for (const each of fields.objects(`${name}s`)) readAnywhere(each, `${name}Arn`, reading)
      },
    },
    {
      namesAccount: true,
      fits: (fields) => fields.inner(name).has(`${name}Arn`),
      read({ fields }, reading) {
        readAnywhere(fields.inner(name), `${name}Arn`, reading)
      },
    },
  ]),
  {
    namesAccount: false,
    fits: (fields, { input }) => fields.has('tags') && ids.anywhere.test(input?.text('resourceArn') ?? ''),
    read({ fields, input }, reading) {
      const arn = input?.needs('resourceArn', ids.anywhere) ?? ''
      const [, region = '', kind, id = ''] = ids.anywhere.exec(arn) ?? []
      const tags = fields
        .objects('tags', intakeLimits.parts)
        .map((tag) => ({ Key: tag.needs('key'), Value: tag.text('value') ?? '' }))
      addOwn(arn, fields, reading, kind === 'profile' ? 'certificateProfiles' : 'trustAnchors', {
        id,
        region,
        tags,
      })
    },
  },
]

function readAnywhere(each: Fields, name: string, reading: Reading): void {
  const arn = each.needs(name, ids.anywhere)
  const [, region = '', kind, id = ''] = ids.anywhere.exec(arn) ?? []
  const common = {
    id,
    region,
    name: each.needs('name'),
    enabled: each.flag('enabled'),
    createdAt: each.instant('createdAt'),
    updatedAt: each.instant('updatedAt'),
  }
  if (kind === 'profile') {
    addOwn(arn, each, reading, 'certificateProfiles', {
      ...common,
      createdBy: each.text('createdBy'),
      roleArns: each.texts('roleArns'),
      managedPolicyArns: each.texts('managedPolicyArns'),
      sessionPolicy: each.text('sessionPolicy', undefined, intakeLimits.documentCharacters),
      durationSeconds: each.number('durationSeconds'),
      acceptsSessionName: each.flag('acceptRoleSessionName'),
      mappings: each.has('attributeMappings')
        ? each.objects('attributeMappings', 3).map((mapping) => ({
            field: fieldOf(mapping),
            specifiers: mapping
              .objects('mappingRules', intakeLimits.parts)
              .map((rule) => rule.needs('specifier')),
          }))
        : undefined,
    })
    return
  }
  const source = each.inner('source')
  const bundle = source
    .inner('sourceData')
    .text('x509CertificateData', undefined, intakeLimits.documentCharacters)
  if (bundle === undefined) {
    const reason = `its authority is of type ${source.text('sourceType') ?? '?'}, which is not served`
    reading.draft.notTake({ at: each.at, kind: 'trust anchor', name: common.name, reason })
    return
  }
  addOwn(arn, each, reading, 'trustAnchors', { ...common, bundle })
}

const fieldNames = ['x509Subject', 'x509Issuer', 'x509SAN'] as const

function fieldOf(mapping: Fields) {
  const name = mapping.needs('certificateField')
  return fieldNames.find((each) => each === name) ?? mapping.refuse(`${name} is no field of a certificate`)
}

function mappingsIn(fields: Fields): Readonly<Record<string, PoolRoleMapping>> {
  const node = member(fields.node, 'RoleMappings')
  return Object.fromEntries(
    membersOf(node).map(({ key }) => {
      const mapping = fields.inner('RoleMappings').inner(key.value)
      return [
        key.value,
        {
          type: mapping.text('Type') === 'Token' ? 'Token' : 'Rules',
          ambiguous: mapping.text('AmbiguousRoleResolution') === 'Deny' ? 'Deny' : 'AuthenticatedRole',
          rules: mapping
            .inner('RulesConfiguration')
            .objects('Rules', intakeLimits.parts)
            .map((rule) => ({
              claim: rule.needs('Claim'),
              match: matchOf(rule),
              value: rule.needs('Value'),
              roleArn: rule.needs('RoleARN', forms.arn),
            })),
        },
      ]
    }),
  )
}

const matches = ['Equals', 'Contains', 'StartsWith', 'NotEqual'] as const

function matchOf(rule: Fields) {
  const name = rule.needs('MatchType')
  return matches.find((each) => each === name) ?? rule.refuse(`${name} is no type of a match`)
}

type PoolMembers = { readonly [M in keyof IdentityPool]?: IdentityPool[M] | undefined }

/** A pool of the account of the request. */
function addPool(answer: Answer, reading: Reading, members: PoolMembers): void {
  const { id: account, partition } = reading.accountOf(answer)
  const id = answer.fields.needs('IdentityPoolId', ids.pool)
  reading.draft.add(account, partition, 'identityPools', given({ at: answer.fields.at, ...members, id }))
}

/** Adds the entity of an ARN to the account of the ARN. */
function addOwn<L extends 'podAssociations' | 'trustAnchors' | 'certificateProfiles'>(
  arn: string,
  { at, file, node }: Fields,
  { draft }: Reading,
  list: L,
  members: Omit<AccountImage[L][number], 'at'>,
): void {
  const account = accountOfArn(arn) ?? file.refuse(node, `${arn} is not of an account`)
  draft.add(account.id, account.partition, list, given({ at, ...members }) as AccountImage[L][number]) // its members, and the place
}

/** An object of texts; undefined if absent. */
function textsIn(fields: Fields, name: string): Readonly<Record<string, string>> | undefined {
  if (!fields.has(name)) return undefined
  const inner = fields.inner(name)
  const keys = membersOf(member(fields.node, name)).map(({ key }) => key.value)
  return Object.fromEntries(keys.map((key) => [key, inner.text(key) ?? '']))
}
