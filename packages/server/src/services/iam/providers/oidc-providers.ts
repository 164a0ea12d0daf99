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
        ...(input.ContextProvider === undefined ? {} : { contextProvider: input.ContextProvider }),
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
        ContextProvider: provider.contextProvider,
        IdentityCenterInstanceArn: provider.identityCenter,
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
  UpdateOpenIDConnectProvider: {
    ...asks(theProvider),
    run(input, call) {
      call.account.table(oidcProviders).put(changedContext(get(theProvider, input, call), input))
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

/** Returns a provider with another context provider or instance: one of them at a time. @throws Fault InvalidInput (behaviour IAM-320) */
function changedContext(provider: OidcProvider, input: Iam.UpdateOpenIDConnectProviderRequest): OidcProvider {
  const { ContextProvider: contextProvider, IdentityCenterInstanceArn: identityCenter } = input
  const removesContext = input.RemoveContextProvider === true
  const removesInstance = input.RemoveIdentityCenterInstance === true
  if (contextProvider !== undefined && removesContext)
    throw invalidInput('ContextProvider and RemoveContextProvider cannot be specified together.')
  if (identityCenter !== undefined && removesInstance)
    throw invalidInput(
      'IdentityCenterInstanceArn and RemoveIdentityCenterInstance cannot be specified together.',
    )
  const changesContext = contextProvider !== undefined || removesContext
  const changesInstance = identityCenter !== undefined || removesInstance
  if (changesContext && changesInstance)
    throw invalidInput(
      'A request changes either the context provider or the IAM Identity Center association.',
    )
  if (removesContext && provider.identityCenter !== undefined)
    throw invalidInput('Remove the IAM Identity Center association before the context provider.')
  const { contextProvider: context, identityCenter: instance, ...rest } = provider
  const nextContext = removesContext ? undefined : (contextProvider ?? context)
  const nextInstance = removesInstance ? undefined : (identityCenter ?? instance)
  return {
    ...rest,
    ...(nextContext === undefined ? {} : { contextProvider: nextContext }),
    ...(nextInstance === undefined ? {} : { identityCenter: nextInstance }),
  }
}

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
