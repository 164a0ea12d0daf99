import Badge from '@cloudscape-design/components/badge'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useLocation } from 'wouter'
import { query } from '../client/aws.ts'
import { useDraft } from '../client/drafts.ts'
import { listPolicies, type ManagedPolicy } from '../client/policies.ts'
import { blankPolicy } from '../components/held-policies.tsx'
import { nameColumn } from '../components/list-columns.tsx'
import { ListPage } from '../components/list-page.tsx'
import { NameDialog } from '../components/name-dialog.tsx'
import { Statements } from '../components/statements.tsx'
import { useText } from '../text/language.ts'
import { policyText } from '../text/policy.ts'

const PolicyEditor = lazy(() => import('../components/policy-editor.tsx'))

const scopes = ['Local', 'AWS', 'All'] as const

/** The path of a policy's page. */
export function policyPath(arn: string): string {
  return `/policies/${encodeURIComponent(arn)}`
}

/** Managed policies: the account's own, AWS's, or all. */
export default function PoliciesPage() {
  const t = useText(policyText)
  const [scope, setScope] = useState<(typeof scopes)[number]>('Local')
  const policies = useQuery({
    queryKey: ['policies', scope],
    queryFn: ({ signal }) => listPolicies(scope, signal),
  })
  const labels = { Local: t.customer, AWS: t.aws, All: t.all }
  return (
    <ListPage<ManagedPolicy>
      title={t.title}
      description={t.description}
      rows={policies}
      idOf={({ arn }) => arn}
      empty={{ title: t.empty, hint: t.emptyHint }}
      find={t.find}
      filters={
        <SegmentedControl
          label={t.scope}
          selectedId={scope}
          options={scopes.map((id) => ({ id, text: labels[id] }))}
          onChange={({ detail }) => setScope(scopes.find((id) => id === detail.selectedId) ?? 'Local')}
        />
      }
      create={{ label: t.create, dialog: (onClose) => <CreatePolicy onClose={onClose} /> }}
      columns={[
        nameColumn(t.name, ({ arn }) => policyPath(arn)),
        {
          id: 'type',
          header: t.type,
          sortingField: 'isAws',
          cell: ({ isAws }) => <Badge color={isAws ? 'grey' : 'blue'}>{isAws ? t.aws : t.customer}</Badge>,
        },
        {
          id: 'attachments',
          header: t.attachments,
          sortingField: 'attachments',
          cell: ({ attachments }) => attachments,
        },
        {
          id: 'version',
          header: t.version1,
          cell: ({ defaultVersion }) => defaultVersion,
        },
        { id: 'description', header: t.descriptionField, cell: ({ description }) => description },
      ]}
    />
  )
}

function CreatePolicy({ onClose }: { readonly onClose: () => void }) {
  const t = useText(policyText)
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const [description, setDescription] = useState('')
  const [draft, setDraft] = useDraft('create-policy')
  const document = draft ?? blankPolicy
  return (
    <NameDialog
      title={t.create}
      label={t.name}
      done={t.created}
      size="large"
      onClose={onClose}
      onCreate={async (name) => {
        const answer = await query('iam', 'CreatePolicy', {
          PolicyName: name,
          PolicyDocument: document,
          ...(description === '' ? {} : { Description: description }),
        })
        setDraft(undefined)
        await client.invalidateQueries({ queryKey: ['policies'] })
        navigate(policyPath(answer.child('Policy').text('Arn')))
      }}
    >
      <FormField label={t.descriptionField}>
        <Input
          value={description}
          placeholder={t.optional}
          onChange={({ detail }) => setDescription(detail.value)}
        />
      </FormField>
      <Suspense fallback={<pre className="policy-plain">{document}</pre>}>
        <PolicyEditor value={document} kind="identity" label={t.document} onChange={setDraft} />
      </Suspense>
      <Statements text={document} kind="identity" />
    </NameDialog>
  )
}
