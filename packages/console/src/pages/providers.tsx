import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import Textarea from '@cloudscape-design/components/textarea'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { query } from '../client/aws.ts'
import { deleteProvider, listProviders, type Provider, providerDetails } from '../client/providers.ts'
import { Dialog } from '../components/dialog.tsx'
import { Failure } from '../components/failure.tsx'
import { ListPage } from '../components/list-page.tsx'
import { useMessages } from '../components/messages.tsx'
import { IamTagTable } from '../components/tag-table.tsx'
import { Time } from '../components/time.tsx'
import { useText } from '../text/language.ts'
import { providersText } from '../text/providers.ts'
import { shellText } from '../text/shell.ts'

/** OpenID Connect and SAML providers of the account. */
export default function ProvidersPage() {
  const t = useText(providersText)
  const shell = useText(shellText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [dialog, setDialog] = useState<{ readonly show: Provider } | { readonly remove: Provider }>()
  const providers = useQuery({ queryKey: ['providers'], queryFn: ({ signal }) => listProviders(signal) })
  const close = () => setDialog(undefined)
  const renew = async () => {
    await Promise.all(
      ['providers', 'oidc-providers', 'saml-providers'].map((key) =>
        client.invalidateQueries({ queryKey: [key] }),
      ),
    )
  }
  return (
    <>
      <ListPage<Provider>
        title={t.title}
        description={t.description}
        rows={providers}
        idOf={({ arn }) => arn}
        empty={{ title: t.empty, hint: t.emptyHint }}
        find={t.find}
        create={{ label: t.add, dialog: (onClose) => <AddProvider onClose={onClose} onDone={renew} /> }}
        columns={[
          {
            id: 'name',
            header: t.name,
            sortingField: 'name',
            isRowHeader: true,
            cell: (provider) => (
              <Button variant="inline-link" onClick={() => setDialog({ show: provider })}>
                {provider.name}
              </Button>
            ),
          },
          {
            id: 'kind',
            header: t.kind,
            sortingField: 'kind',
            cell: ({ kind }) => (kind === 'oidc' ? t.oidc : t.saml),
          },
          { id: 'arn', header: t.arn, cell: ({ arn }) => <code>{arn}</code> },
          {
            id: 'delete',
            header: shell.actions,
            cell: (provider) => (
              <Button
                variant="inline-link"
                ariaLabel={`${shell.delete} ${provider.name}`}
                onClick={() => setDialog({ remove: provider })}
              >
                {shell.delete}
              </Button>
            ),
          },
        ]}
      />
      {dialog !== undefined && 'show' in dialog && <ProviderDialog provider={dialog.show} onClose={close} />}
      {dialog !== undefined && 'remove' in dialog && (
        <Dialog
          visible
          title={t.deleteProvider}
          submit={shell.delete}
          onClose={close}
          onSubmit={async () => {
            await deleteProvider(dialog.remove)
            await renew()
            say('success', t.deleted)
          }}
        >
          {t.deleteSure(dialog.remove.name)}
        </Dialog>
      )}
    </>
  )
}

function AddProvider(props: { readonly onClose: () => void; readonly onDone: () => Promise<void> }) {
  const t = useText(providersText)
  const { say } = useMessages()
  const [kind, setKind] = useState<Provider['kind']>('oidc')
  const [url, setUrl] = useState('https://')
  const [audience, setAudience] = useState('sts.amazonaws.com')
  const [name, setName] = useState('')
  const [metadata, setMetadata] = useState('')
  const isReady = kind === 'oidc' ? /^https:\/\/./.test(url) : name !== '' && metadata !== ''
  return (
    <Dialog
      visible
      title={t.add}
      submit={t.add}
      disabled={!isReady}
      onClose={props.onClose}
      onSubmit={async () => {
        if (kind === 'oidc')
          await query('iam', 'CreateOpenIDConnectProvider', {
            Url: url,
            ClientIDList: audience === '' ? [] : [audience],
          })
        else await query('iam', 'CreateSAMLProvider', { Name: name, SAMLMetadataDocument: metadata })
        await props.onDone()
        say('success', t.added)
      }}
    >
      <SegmentedControl
        label={t.kind}
        selectedId={kind}
        options={[
          { id: 'oidc', text: t.oidc },
          { id: 'saml', text: t.saml },
        ]}
        onChange={({ detail }) => setKind(detail.selectedId === 'saml' ? 'saml' : 'oidc')}
      />
      {kind === 'oidc' ? (
        <>
          <FormField label={t.url} description={t.urlHint}>
            <Input value={url} onChange={({ detail }) => setUrl(detail.value)} spellcheck={false} />
          </FormField>
          <FormField label={t.audience} description={t.audienceHint}>
            <Input value={audience} onChange={({ detail }) => setAudience(detail.value)} spellcheck={false} />
          </FormField>
        </>
      ) : (
        <>
          <FormField label={t.samlName}>
            <Input value={name} onChange={({ detail }) => setName(detail.value)} spellcheck={false} />
          </FormField>
          <FormField label={t.metadata} description={t.metadataHint}>
            <Textarea
              value={metadata}
              rows={10}
              onChange={({ detail }) => setMetadata(detail.value)}
              spellcheck={false}
            />
          </FormField>
        </>
      )}
    </Dialog>
  )
}

/** One provider: its audiences or metadata, and tags. */
function ProviderDialog({
  provider,
  onClose,
}: {
  readonly provider: Provider
  readonly onClose: () => void
}) {
  const t = useText(providersText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [typed, setTyped] = useState('')
  const key = ['providers', provider.arn]
  const details = useQuery({ queryKey: key, queryFn: ({ signal }) => providerDetails(provider, signal) })
  const renew = () => client.invalidateQueries({ queryKey: key })
  const who = { OpenIDConnectProviderArn: provider.arn }
  const remove = (ClientID: string) =>
    query('iam', 'RemoveClientIDFromOpenIDConnectProvider', { ...who, ClientID }).then(
      renew,
      (error: unknown) => say('error', <Failure error={error} />),
    )
  return (
    <Dialog
      visible
      title={provider.name}
      size="large"
      submit={provider.kind === 'oidc' ? t.addAudience : t.updateMetadata}
      disabled={typed === ''}
      onClose={onClose}
      onSubmit={async () => {
        if (provider.kind === 'oidc')
          await query('iam', 'AddClientIDToOpenIDConnectProvider', { ...who, ClientID: typed })
        else {
          await query('iam', 'UpdateSAMLProvider', {
            SAMLProviderArn: provider.arn,
            SAMLMetadataDocument: typed,
          })
          say('success', t.metadataSaved)
        }
        await renew()
      }}
    >
      {details.isError && <Failure error={details.error} />}
      {details.isPending && <Spinner />}
      {details.data !== undefined && (
        <SpaceBetween size="m">
          <KeyValuePairs
            columns={2}
            items={[
              { label: t.arn, value: <code>{provider.arn}</code> },
              { label: t.created, value: <Time iso={details.data.created} /> },
              ...(details.data.validUntil === undefined
                ? []
                : [{ label: t.validUntil, value: <Time iso={details.data.validUntil} /> }]),
              ...(details.data.thumbprints.length === 0
                ? []
                : [{ label: t.thumbprints, value: <code>{details.data.thumbprints.join(' ')}</code> }]),
            ]}
          />
          {provider.kind === 'oidc' && (
            <ul className="plain-list" aria-label={t.audiences}>
              {details.data.audiences.map((audience) => (
                <li key={audience} className="with-mask">
                  <code>{audience}</code>
                  <Button
                    variant="inline-link"
                    ariaLabel={`${t.removeAudience} ${audience}`}
                    onClick={() => void remove(audience)}
                  >
                    {t.removeAudience}
                  </Button>
                </li>
              ))}
            </ul>
          )}
          {provider.kind === 'oidc' ? (
            <FormField label={t.addAudience}>
              <Input value={typed} onChange={({ detail }) => setTyped(detail.value)} spellcheck={false} />
            </FormField>
          ) : (
            <FormField label={t.updateMetadata} description={t.metadataHint}>
              <Textarea value={typed} rows={8} onChange={({ detail }) => setTyped(detail.value)} />
            </FormField>
          )}
          <IamTagTable
            tags={details.data.tags}
            kind={provider.kind === 'oidc' ? 'OpenIDConnectProvider' : 'SAMLProvider'}
            who={provider.kind === 'oidc' ? who : { SAMLProviderArn: provider.arn }}
            renew={renew}
          />
        </SpaceBetween>
      )}
    </Dialog>
  )
}
