import { given, parseAccountId } from '../../base/index.ts'
import type { OidcProviderImage, PasswordPolicyImage, SamlProviderImage } from '../../image/index.ts'
import { intakeLimits } from '../limits.ts'
import { type AnswerReader, forms, ownArn } from './answer.ts'

/** Settings of the account and its identity providers: list-account-aliases, get-account-password-policy, get-saml-provider … */
export const accountReaders: readonly AnswerReader[] = [
  {
    namesAccount: false,
    fits: (fields) => fields.has('AccountId') && fields.has('AccountName'),
    read(answer, reading) {
      const { fields } = answer
      const id = fields.needs('AccountId', /^\d{12}$/)
      const { partition } = reading.accountOf(answer)
      const account = parseAccountId(id) ?? fields.refuse('AccountId is no account')
      const name = fields.text('AccountName')
      const createdAt = fields.instant('AccountCreatedDate')
      reading.draft.set(account, partition, given({ name, createdAt }), fields.at)
    },
  },
  {
    namesAccount: false,
    fits: (fields) => fields.has('AccountAliases'),
    read(answer, reading) {
      const { id, partition } = reading.accountOf(answer)
      const [alias = null] = answer.fields.texts('AccountAliases', 1)
      if (alias !== null && !/^[a-z0-9](?:-?[a-z0-9])*$/.test(alias))
        answer.fields.file.refuse(answer.fields.node, `${JSON.stringify(alias)} is not an alias`)
      reading.draft.set(id, partition, { alias }, answer.fields.at)
    },
  },
  {
    namesAccount: false,
    fits: (fields) => fields.inner('PasswordPolicy').has('MinimumPasswordLength'),
    read(answer, reading) {
      const { id, partition } = reading.accountOf(answer)
      const policy = answer.fields.inner('PasswordPolicy')
      const flag = (name: string) => policy.flag(name) ?? false
      const passwordPolicy = given<PasswordPolicyImage>({
        at: policy.at,
        minimumLength: policy.number('MinimumPasswordLength') ?? 8,
        symbols: flag('RequireSymbols'),
        numbers: flag('RequireNumbers'),
        uppercase: flag('RequireUppercaseCharacters'),
        lowercase: flag('RequireLowercaseCharacters'),
        usersMayChange: flag('AllowUsersToChangePassword'),
        maximumAge: policy.number('MaxPasswordAge'),
        reusePrevention: policy.number('PasswordReusePrevention'),
        hardExpiry: policy.flag('HardExpiry'),
      })
      reading.draft.set(id, partition, { passwordPolicy }, answer.fields.at)
    },
  },
  {
    namesAccount: true,
    fits: (fields) => fields.has('OpenIDConnectProviderList'),
    read({ fields }, { draft }) {
      for (const each of fields.objects('OpenIDConnectProviderList', intakeLimits.parts)) {
        const provider = ownArn(each)
        const url = provider && after('oidc-provider/', provider.resource)
        if (provider === undefined || url === undefined)
          throw each.problem('Arn is not that of an OIDC provider')
        draft.add(provider.id, provider.partition, 'oidcProviders', { at: each.at, url })
      }
    },
  },
  {
    namesAccount: false,
    fits: (fields) => fields.has('ClientIDList') && fields.has('Url'),
    read(answer, reading) {
      const { fields } = answer
      const { id, partition } = reading.accountOf(answer)
      const image = given<OidcProviderImage>({
        at: fields.at,
        url: fields.needs('Url', /^(?:https:\/\/)?[\w.-]+(?:\/[!-~]*)?$/).replace(/^https:\/\//, ''),
        createdAt: fields.instant('CreateDate'),
        clientIds: fields.texts('ClientIDList'),
        thumbprints: fields.texts('ThumbprintList'),
        tags: fields.tags() ?? [],
      })
      reading.draft.add(id, partition, 'oidcProviders', image)
    },
  },
  {
    namesAccount: true,
    fits: (fields) => fields.has('SAMLProviderList'),
    read({ fields }, { draft }) {
      for (const each of fields.objects('SAMLProviderList', intakeLimits.parts)) {
        const provider = ownArn(each)
        const name = provider && after('saml-provider/', provider.resource)
        if (provider === undefined || name === undefined || !forms.name.test(name))
          throw each.problem('Arn is not that of a SAML provider')
        const image = given<SamlProviderImage>({
          at: each.at,
          name,
          createdAt: each.instant('CreateDate'),
          validUntil: each.instant('ValidUntil'),
        })
        draft.add(provider.id, provider.partition, 'samlProviders', image)
      }
    },
  },
  {
    namesAccount: false,
    fits: (fields, { input }) => fields.has('SAMLMetadataDocument') && input?.has('SAMLProviderArn') === true,
    read({ fields, input }, { draft }) {
      const provider = input && ownArn(input, 'SAMLProviderArn')
      const name = provider && after('saml-provider/', provider.resource)
      if (provider === undefined || name === undefined || !forms.name.test(name))
        throw fields.problem('SAMLProviderArn is not that of a SAML provider')
      const image = given<SamlProviderImage>({
        at: fields.at,
        name,
        id: fields.text('SAMLProviderUUID', forms.id),
        createdAt: fields.instant('CreateDate'),
        metadata: fields.text('SAMLMetadataDocument', undefined, intakeLimits.metadata),
        validUntil: fields.instant('ValidUntil'),
        tags: fields.tags() ?? [],
      })
      draft.add(provider.id, provider.partition, 'samlProviders', image)
    },
  },
]

function after(head: string, text: string): string | undefined {
  return text.startsWith(head) ? text.slice(head.length) : undefined
}
