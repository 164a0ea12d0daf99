import { createPrivateKey } from 'node:crypto'
import { type Call, family } from '../../../authorization/index.ts'
import type { Random } from '../../../base/index.ts'
import {
  base32,
  findSamlProvider,
  type SamlPrivateKey,
  type SamlProvider,
  samlPrivateKeyPurpose,
  samlProviderArn,
  samlProviders,
} from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { byName } from '../by-name.ts'
import { alreadyExists, checkQuota, invalidInput, limitExceeded, noSuchEntity } from '../faults.ts'
import { listsAll } from '../lists-all.ts'
import { asks, creates, get, type Target } from '../target.ts'
import { checkedArn, findNamed } from '../targets.ts'
import { newTags, sortedTags, tagging, tagsOut } from '../traits/tags.ts'
import { readSamlMetadata, type SamlMetadata } from './saml-metadata.ts'

const mostPrivateKeys = 2
/** Bytes of a provider's and a key's id: 32 characters of base32. */
const idLength = 20

const theProvider: Target<SamlProvider, { readonly SAMLProviderArn: string }> = {
  table: samlProviders,
  word: 'SAML provider',
  find: (input, call) => findSamlProvider(call.account, input.SAMLProviderArn),
  missing: (input, call) =>
    noSuchEntity(`Manifest not found for arn ${checkedArn(input.SAMLProviderArn, call)}`),
  arn: (input, call) => checkedArn(input.SAMLProviderArn, call),
  spoken: (input) => input.SAMLProviderArn,
  tagsOf: (provider) => provider.tags,
  tagKeys: ['aws:ResourceTag/'],
  tagging: { action: 'iam:TagSAMLProvider', quota: 'TagsPerSAMLProvider' },
}

const tags = tagging(theProvider)

/** SAML 2.0 identity providers. */
export const samlProviderFamily = family<Iam.Operations>()({
  CreateSAMLProvider: {
    ...creates(theProvider, (input: Iam.CreateSAMLProviderRequest, call) =>
      samlProviderArn(call.account, input.Name),
    ),
    run(input, call) {
      const { account } = call
      const metadata = metadataOf(input.SAMLMetadataDocument, call)
      if (findNamed(samlProviders, account, input.Name) !== undefined) {
        throw alreadyExists(`Provider with name ${input.Name} already exists.`)
      }
      checkQuota(call, 'SAMLProvidersPerAccount', account.table(samlProviders).size + 1)
      const provider: SamlProvider = {
        id: newSamlId(call.deps.random),
        name: input.Name,
        path: '/',
        createdAt: call.now,
        ...metadata,
        ...(input.AssertionEncryptionMode === undefined ? {} : { encryption: input.AssertionEncryptionMode }),
        ...(input.ContextProvider === undefined ? {} : { contextProvider: input.ContextProvider }),
        privateKeys: input.AddPrivateKey === undefined ? [] : [newPrivateKey(input.AddPrivateKey, call)],
        tags: newTags(theProvider, input.Tags, call),
      }
      account.table(samlProviders).put(checkedEncryption(provider))
      return {
        SAMLProviderArn: samlProviderArn(account, provider.name),
        ...tagsOut(sortedTags(provider.tags)),
      }
    },
  },
  GetSAMLProvider: {
    ...asks(theProvider),
    run(input, call) {
      const provider = get(theProvider, input, call)
      return {
        SAMLProviderUUID: provider.id,
        SAMLMetadataDocument: provider.metadata,
        CreateDate: provider.createdAt,
        ValidUntil: provider.validUntil,
        Tags: sortedTags(provider.tags),
        AssertionEncryptionMode: provider.encryption,
        ContextProvider: provider.contextProvider,
        ...(provider.privateKeys.length === 0
          ? {}
          : {
              PrivateKeyList: provider.privateKeys.map((key) => ({ KeyId: key.id, Timestamp: key.addedAt })),
            }),
      }
    },
  },
  ListSAMLProviders: {
    ...listsAll('saml-provider/*'),
    run(_input, call) {
      return {
        SAMLProviderList: byName(call.account, samlProviders).map((provider) => ({
          Arn: samlProviderArn(call.account, provider.name),
          ValidUntil: provider.validUntil,
          CreateDate: provider.createdAt,
        })),
      }
    },
  },
  UpdateSAMLProvider: {
    ...asks(theProvider),
    run(input, call) {
      const provider = get(theProvider, input, call)
      const { SAMLMetadataDocument, AssertionEncryptionMode, ContextProvider: contextProvider } = input
      const changed: SamlProvider = {
        ...provider,
        ...(SAMLMetadataDocument === undefined ? {} : metadataOf(SAMLMetadataDocument, call)),
        ...(AssertionEncryptionMode === undefined ? {} : { encryption: AssertionEncryptionMode }),
        ...(contextProvider === undefined ? {} : { contextProvider }),
        privateKeys: changedKeys(provider.privateKeys, input, call),
      }
      call.account.table(samlProviders).put(checkedEncryption(changed))
      return { SAMLProviderArn: samlProviderArn(call.account, provider.name) }
    },
  },
  DeleteSAMLProvider: {
    ...asks(theProvider),
    run(input, call) {
      call.account.table(samlProviders).delete(get(theProvider, input, call).id)
    },
  },
  TagSAMLProvider: tags.tag,
  UntagSAMLProvider: tags.untag,
  ListSAMLProviderTags: tags.list,
})

/** @throws Fault InvalidInput */
function metadataOf(
  text: string,
  call: Call,
): Omit<SamlMetadata, 'validUntil'> & { readonly metadata: string; readonly validUntil: number } {
  const metadata = readSamlMetadata(text)
  if (metadata === undefined) throw invalidInput('Could not parse metadata')
  return { ...metadata, metadata: text, validUntil: samlValidity(metadata.validUntil, call.now) }
}

/** Returns the end of validity of metadata: without one of its own, this day in a hundred years (behaviour CRED-72). */
export function samlValidity(validUntil: number | undefined, now: number): number {
  const date = new Date(now)
  return validUntil ?? date.setUTCFullYear(date.getUTCFullYear() + 100)
}

/**
 * Returns the keys after one is removed and one is added, in this order, so that a full provider can change its keys
 * in one call.
 */
function changedKeys(
  keys: readonly SamlPrivateKey[],
  { AddPrivateKey, RemovePrivateKey }: Iam.UpdateSAMLProviderRequest,
  call: Call,
): readonly SamlPrivateKey[] {
  if (RemovePrivateKey !== undefined && !keys.some((key) => key.id === RemovePrivateKey)) {
    throw noSuchEntity(`The private key with id ${RemovePrivateKey} cannot be found.`)
  }
  const left = keys.filter((key) => key.id !== RemovePrivateKey)
  if (AddPrivateKey === undefined) return left
  if (left.length >= mostPrivateKeys) {
    throw limitExceeded(`Cannot exceed quota for PrivateKeysPerSAMLProvider: ${mostPrivateKeys}`)
  }
  return [...left, newPrivateKey(AddPrivateKey, call)]
}

/** @throws Fault InvalidInput if the text is not a PEM private key */
function newPrivateKey(pem: string, call: Call): SamlPrivateKey {
  try {
    createPrivateKey(pem)
  } catch {
    throw invalidInput('Could not parse private key. Please ensure the private key is in PEM format.')
  }
  const sealedKey = call.deps.vault.sealText(samlPrivateKeyPurpose, pem)
  return { id: newSamlId(call.deps.random), addedAt: call.now, sealedKey }
}

/** @throws Fault InvalidInput if assertions must be encrypted but no key could decrypt them */
function checkedEncryption(provider: SamlProvider): SamlProvider {
  if (provider.encryption !== 'Required' || provider.privateKeys.length > 0) return provider
  throw invalidInput('A private key is needed where assertion encryption is required.')
}

/** A new id of a SAML provider or of its private key. */
export function newSamlId(random: Random): string {
  return base32(random.bytes(idLength))
}
