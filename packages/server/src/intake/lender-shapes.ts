import { list, map, object, oneOf, type Shape, text } from '../shape/index.ts'
import { forms } from './answers/answer.ts'
import type { AccountList } from './draft.ts'

const number: Shape = { type: 'number' }
const flag: Shape = { type: 'flag' }
const arn = text(undefined, forms.arn)
const texts = list(text())
const tags = list(object({ Key: text(), Value: text() }, ['Key', 'Value']))
const at = object({ file: text(), line: number, column: number, resource: text() }, [
  'file',
  'line',
  'column',
])
const region = text(undefined, /^[a-z0-9-]{1,32}$/)
const uuid = text(undefined, /^[0-9a-f-]{36}$/)

const rule = object(
  {
    claim: text(),
    match: oneOf(['Equals', 'Contains', 'StartsWith', 'NotEqual']),
    value: text(),
    roleArn: arn,
  },
  ['claim', 'match', 'value', 'roleArn'],
)

const anywhere = {
  at,
  id: uuid,
  region,
  name: text(),
  enabled: flag,
  tags,
  createdAt: number,
  updatedAt: number,
}

/** The forms of what gives roles to pods, to users of identity pools and to holders of certificates. */
export const lenderShapes: Readonly<
  Record<
    Extract<AccountList, 'podAssociations' | 'identityPools' | 'trustAnchors' | 'certificateProfiles'>,
    Shape
  >
> = {
  podAssociations: object(
    {
      at,
      id: text(undefined, /^a-[a-z0-9]{1,64}$/),
      region,
      cluster: text(undefined, /^[A-Za-z0-9_-]{1,100}$/),
      namespace: text(),
      serviceAccount: text(),
      roleArn: arn,
      target: object({ roleArn: arn, externalId: text() }, ['roleArn', 'externalId']),
      policy: text(),
      disableSessionTags: flag,
      tags: map(text()),
      createdAt: number,
      modifiedAt: number,
    },
    ['at', 'id', 'region', 'cluster', 'namespace', 'serviceAccount'],
  ),
  identityPools: object(
    {
      at,
      id: text(undefined, /^[\w-]{1,55}:[0-9a-f-]{1,64}$/),
      name: text(),
      letsGuests: flag,
      letsClassic: flag,
      supportedLogins: map(text()),
      developerProvider: text(),
      oidcProviders: list(arn),
      samlProviders: list(arn),
      userPools: list(
        object({ provider: text(), clientId: text(), checksToken: flag }, [
          'provider',
          'clientId',
          'checksToken',
        ]),
      ),
      tags: map(text()),
      roles: map(arn),
      mappings: map(
        object(
          {
            type: oneOf(['Token', 'Rules']),
            ambiguous: oneOf(['AuthenticatedRole', 'Deny']),
            rules: list(rule),
          },
          ['type', 'ambiguous', 'rules'],
        ),
      ),
      tagMaps: map(object({ useDefaults: flag, tags: map(text()) }, ['useDefaults', 'tags'])),
    },
    ['at', 'id'],
  ),
  trustAnchors: object({ ...anywhere, bundle: text() }, ['at', 'id', 'region']),
  certificateProfiles: object(
    {
      ...anywhere,
      createdBy: text(),
      roleArns: list(arn),
      managedPolicyArns: list(arn),
      sessionPolicy: text(),
      durationSeconds: number,
      acceptsSessionName: flag,
      mappings: list(
        object({ field: oneOf(['x509Subject', 'x509Issuer', 'x509SAN']), specifiers: texts }, [
          'field',
          'specifiers',
        ]),
      ),
    },
    ['at', 'id', 'region'],
  ),
}
