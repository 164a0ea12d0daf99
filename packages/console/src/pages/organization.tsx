import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { json } from '../client/aws.ts'
import { type Organization, type OrganizationNode, organization } from '../client/organization.ts'
import { ControlPolicies, WhatTheyLeave } from '../components/control-policies.tsx'
import { Failure } from '../components/failure.tsx'
import { useMessages } from '../components/messages.tsx'
import { AddAccount, AddUnit, MoveAccount } from '../components/organization-dialogs.tsx'
import { Sign } from '../components/sign.tsx'
import { useText } from '../text/language.ts'
import { organizationText } from '../text/organization.ts'

/** The organization: its tree, and the policies that limit it. */
export default function OrganizationPage() {
  const t = useText(organizationText)
  const { say } = useMessages()
  const client = useQueryClient()
  const whole = useQuery({
    queryKey: ['organization'],
    queryFn: async ({ signal }) => (await organization(signal)) ?? null,
  })
  const create = () =>
    json('organizations', 'CreateOrganization', { FeatureSet: 'ALL' }).then(
      async () => {
        await client.invalidateQueries({ queryKey: ['organization'] })
        say('success', t.created)
      },
      (error: unknown) => say('error', <Failure error={error} />),
    )
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t.description}>
        {t.title}
      </Header>
      {whole.isError && <Failure error={whole.error} onRetry={() => void whole.refetch()} />}
      {whole.isPending && <Spinner size="large" />}
      {whole.data === null && (
        <Container>
          <Box textAlign="center" padding="l">
            <SpaceBetween size="s">
              <b>{t.none}</b>
              <span>{t.noneHint}</span>
              <Button variant="primary" onClick={() => void create()}>
                {t.create}
              </Button>
            </SpaceBetween>
          </Box>
        </Container>
      )}
      {whole.data !== null && whole.data !== undefined && <Whole whole={whole.data} />}
    </SpaceBetween>
  )
}

/** Every node of a tree, from the top. */
function flat(node: OrganizationNode): readonly OrganizationNode[] {
  return [node, ...node.children.flatMap(flat)]
}

function Whole({ whole }: { readonly whole: Organization }) {
  const t = useText(organizationText)
  const [chosen, setChosen] = useState(whole.root.id)
  const [dialog, setDialog] = useState<'unit' | 'account' | 'move'>()
  const nodes = flat(whole.root)
  const node = nodes.find(({ id }) => id === chosen) ?? whole.root
  const close = () => setDialog(undefined)
  const isManagement = node.id === whole.management
  return (
    <div className="organization">
      <Container
        header={
          <Header
            variant="h2"
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                {node.kind === 'account' ? (
                  <Button onClick={() => setDialog('move')}>{t.move}</Button>
                ) : (
                  <Button onClick={() => setDialog('unit')}>{t.addUnit}</Button>
                )}
                <Button onClick={() => setDialog('account')}>{t.addAccount}</Button>
              </SpaceBetween>
            }
          >
            {t.tree}
          </Header>
        }
      >
        <Branch node={whole.root} chosen={node.id} management={whole.management} onChoose={setChosen} />
      </Container>
      <SpaceBetween size="l">
        <Header variant="h2" description={node.id}>
          {node.name}
        </Header>
        {isManagement && <Alert type="info">{t.notLimited}</Alert>}
        <ControlPolicies whole={whole} node={node} nodes={nodes} type="SERVICE_CONTROL_POLICY" />
        <ControlPolicies whole={whole} node={node} nodes={nodes} type="RESOURCE_CONTROL_POLICY" />
        {!isManagement && whole.enabledTypes.includes('SERVICE_CONTROL_POLICY') && (
          <WhatTheyLeave key={node.id} whole={whole} node={node} />
        )}
      </SpaceBetween>
      {dialog === 'unit' && <AddUnit parent={node.id} onClose={close} />}
      {dialog === 'account' && <AddAccount onClose={close} />}
      {dialog === 'move' && (
        <MoveAccount account={node} places={nodes.filter(({ kind }) => kind !== 'account')} onClose={close} />
      )}
    </div>
  )
}

interface BranchProps {
  readonly node: OrganizationNode
  readonly chosen: string
  readonly management: string
  readonly onChoose: (id: string) => void
}

function Branch({ node, chosen, management, onChoose }: BranchProps) {
  const t = useText(organizationText)
  const kinds = { root: t.root, unit: t.unit, account: t.account }
  return (
    <div className="organization-branch">
      <button
        type="button"
        className="organization-node"
        aria-current={node.id === chosen}
        onClick={() => onChoose(node.id)}
      >
        <Sign name={node.kind === 'account' ? 'person' : 'unit'} /> <b>{node.name}</b>{' '}
        <small>
          {kinds[node.kind]}
          {node.kind === 'account' && ` ${node.id}`}
          {node.id === management && ` · ${t.management}`}
          {node.state !== undefined && node.state !== 'ACTIVE' && ` · ${node.state}`}
        </small>
      </button>
      {node.children.length > 0 && (
        <ul>
          {node.children.map((child) => (
            <li key={child.id}>
              <Branch node={child} chosen={chosen} management={management} onChoose={onChoose} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
