import { type Call, family } from '../../../authorization/index.ts'
import {
  findOidcProvider,
  type OidcProvider,
  oidcProviderArn,
  oidcProviders,
} from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { alreadyExists, checkQuota, invalidInput, noSuchEntity, validationError } from '../faults.ts'
import { listsAll } from '../lists-all.ts'
import { sortedBy } from '../page.ts'
import { asks, creates, get, type Target } from '../target.ts'
import { checkedArn } from '../targets.ts'
import { newTags, sortedTags, tagging, tagsOut } from '../traits/tags.ts'

const mostThumbprints = 5

const theProvider: Target<OidcProvider, { readonly OpenIDConnectProviderArn: string }> = {
  table: oidcProviders,
  word: 'OpenID Connect provider',
  find: (input, call) => findOidcProvider(call.account, input.OpenIDConnectProviderArn),
  missing: (input, call) =>
    noSuchEntity(
      `OpenIDConnect Provider not found for arn ${checkedArn(input.OpenIDConnectProviderArn, call)}`,
    ),
  arn: (input, call) => checkedArn(input.OpenIDConnectProviderArn, call),
  spoken: (input) => input.OpenIDConnectProviderArn,
  tagsOf: (provider) => provider.tags,
  tagKeys: ['aws:ResourceTag/'],
  tagging: { action: 'iam:TagOpenIDConnectProvider', quota: 'TagsPerOpenIdConnectProvider' },
}

const tags = tagging(theProvider)

/** OpenID Connect identity providers. */
export const oidcProviderFamily = family<Iam.Operations>()({
  CreateOpenIDConnectProvider: {
    ...creates(theProvider, (input: Iam.CreateOpenIDConnectProviderRequest, call) =>
      oidcProviderArn(call.account, input.Url.replace(scheme, '')),
    ),
    run(input, call) {
      const table = call.account.table(oidcProviders)
      const url = checkedUrl(input.Url)
      if (table.find(url) !== undefined) throw alreadyExists(`Provider with url ${input.Url} already exists.`)
      checkQuota(call, 'OpenIdConnectProvidersPerAccount', table.size + 1)
      const provider: OidcProvider = {
        url,
        createdAt: call.now,
        clientIds: checkedClientIds(input.ClientIDList ?? [], call),
        thumbprints: checkedThumbprints(input.ThumbprintList ?? []),
        tags: newTags(theProvider, input.Tags, call),
      }
      table.put(provider)
      return {
        OpenIDConnectProviderArn: oidcProviderArn(call.account, url),
        ...tagsOut(sortedTags(provider.tags)),
      }
    },
  },
  GetOpenIDConnectProvider: {
    ...asks(theProvider),
    run(input, call) {
      const provider = get(theProvider, input, call)
      return {
        Url: provider.url,
        ClientIDList: provider.clientIds,
        ThumbprintList: provider.thumbprints,
        CreateDate: provider.createdAt,
        Tags: sortedTags(provider.tags), // also where there are none (behaviour CRED-86)
      }
    },
  },
  ListOpenIDConnectProviders: {
    ...listsAll('oidc-provider/*'),
    run(_input, call) {
      const providers = sortedBy(call.account.table(oidcProviders).values(), (provider) => provider.url)
      return {
        OpenIDConnectProviderList: providers.map(({ url }) => ({
          Arn: oidcProviderArn(call.account, url),
        })),
      }
    },
  },
  AddClientIDToOpenIDConnectProvider: {
    ...asks(theProvider),
    run(input, call) {
      const provider = get(theProvider, input, call)
      const clientIds = checkedClientIds([...provider.clientIds, input.ClientID], call)
      call.account.table(oidcProviders).put({ ...provider, clientIds })
    },
  },
  RemoveClientIDFromOpenIDConnectProvider: {
    ...asks(theProvider),
    run(input, call) {
      const provider = get(theProvider, input, call)
      const clientIds = provider.clientIds.filter((id) => id !== input.ClientID)
      call.account.table(oidcProviders).put({ ...provider, clientIds })
    },
  },
  UpdateOpenIDConnectProviderThumbprint: {
    ...asks(theProvider),
    run(input, call) {
      const provider = get(theProvider, input, call)
      if (input.ThumbprintList.length === 0) {
        throw invalidInput('Thumbprint list must contain at least one entry.')
      }
      const thumbprints = checkedThumbprints(input.ThumbprintList)
      call.account.table(oidcProviders).put({ ...provider, thumbprints })
    },
  },
  DeleteOpenIDConnectProvider: {
    ...asks(theProvider),
    run(input, call) {
      // an absent one is not an error (behaviour CRED-84)
      const provider = theProvider.find(input, call)
      if (provider !== undefined) call.account.table(oidcProviders).delete(provider.url)
    },
  },
  TagOpenIDConnectProvider: tags.tag,
  UntagOpenIDConnectProvider: tags.untag,
  ListOpenIDConnectProviderTags: tags.list,
})

const scheme = /^https:\/\//

/** Returns the URL without its scheme, otherwise as given. @throws Fault ValidationError (behaviour CRED-80) */
function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const plain =
    url !== undefined && scheme.test(text) && url.port === '' && url.username === '' && url.password === ''
  // a second scheme or an empty path segment would give another URL
  const rest = text.replace(scheme, '')
  if (!plain || /[?#\s\\]|\/\/|^[^/]*:/.test(rest))
    throw validationError('Invalid Open ID Connect Provider URL')
  return rest
}

/** Returns each value once, in the order given. @throws Fault LimitExceeded */
function checkedClientIds(ids: readonly string[], call: Call): readonly string[] {
  const unique = [...new Set(ids)]
  checkQuota(call, 'ClientIdsPerOpenIdConnectProvider', unique.length)
  return unique
}

/** @throws Fault InvalidInput */
function checkedThumbprints(thumbprints: readonly string[]): readonly string[] {
  if (thumbprints.length > mostThumbprints) {
    throw invalidInput('Thumbprint list must contain fewer than 5 entries.')
  }
  return thumbprints // any forty characters, as the model has it (behaviour CRED-83)
}
