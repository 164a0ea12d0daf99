import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useCallback, useState } from 'react'
import { query } from '../client/aws.ts'
import type { RoleTexts } from '../client/dry-run.ts'
import { cutAway, effectiveRest } from '../client/effective.ts'
import type { Role } from '../client/iam.ts'
import { type HeldPolicy, managedPolicy, policiesOf } from '../client/policies.ts'
import { useText } from '../text/language.ts'
import { newRoleText } from '../text/new-role.ts'
import { roleText } from '../text/role.ts'
import { AssumersList } from './assumers-list.tsx'
import { Dialog } from './dialog.tsx'
import { DryRunButton } from './dry-run-button.tsx'
import { Failure } from './failure.tsx'
import { HeldPolicies } from './held-policies.tsx'
import { useMessages } from './messages.tsx'
import { NewlyAllowed } from './newly-allowed.tsx'
import { PageLink } from './page-link.tsx'
import { PolicyDocument, pretty } from './policy-document.tsx'
import { PolicyPicker } from './policy-picker.tsx'
import { ServiceBars } from './service-bars.tsx'

interface RoleProps {
  readonly role: Role
}

/** Trust, identity and boundary, in this order; below 900 pixels one under the other. */
export function RolePolicies({ role }: RoleProps) {
  const t = useText(roleText)
  const wizard = useText(newRoleText)
  const client = useQueryClient()
  const boundary = useQuery({
    queryKey: ['policy', role.boundary],
    queryFn: ({ signal }) => managedPolicy(role.boundary ?? '', signal),
    enabled: role.boundary !== undefined,
  })
  const held = useQuery({
    queryKey: ['held', 'Role', role.name],
    queryFn: ({ signal }) => policiesOf('Role', role.name, signal),
  })
  const limit = role.boundary === undefined ? undefined : boundary.data?.document
  const shaded = useCallback((text: string) => cutAway(text, limit), [limit])
  const saveTrust = async (PolicyDocument: string) => {
    await query('iam', 'UpdateAssumeRolePolicy', { RoleName: role.name, PolicyDocument })
    await Promise.all([
      client.invalidateQueries({ queryKey: ['role', role.name] }),
      client.invalidateQueries({ queryKey: ['masks'] }),
      client.invalidateQueries({ queryKey: ['assumers'] }),
    ])
  }
  const saved: RoleTexts = { identity: (held.data ?? []).map(({ document }) => document), boundary: limit }
  const changed = (policy: HeldPolicy, text: string) => (
    <SpaceBetween size="s">
      <NewlyAllowed before={policy.document} after={text} kind="identity" />
      <DryRunButton
        role={role}
        before={saved}
        after={{
          ...saved,
          identity: (held.data ?? []).map((each) => (each.name === policy.name ? text : each.document)),
        }}
      />
    </SpaceBetween>
  )
  return (
    <SpaceBetween size="l">
      <div className="three-policies">
        <Column title={t.trust} term={t.trustTerm}>
          <PolicyDocument
            id={`${role.id}/trust`}
            name={t.trustTerm}
            text={role.trust}
            kind="trust"
            onSave={saveTrust}
            changes={(text) => (
              <SpaceBetween size="s">
                <NewlyAllowed before={role.trust} after={text} kind="trust" />
                <Box variant="h3">{wizard.willWear}</Box>
                <AssumersList role={role.name} trust={text} />
              </SpaceBetween>
            )}
          />
        </Column>
        <Column title={t.identity} term={t.identityTerm}>
          <HeldPolicies holder="Role" name={role.name} shaded={shaded} changes={changed} />
          {limit !== undefined && <Box variant="small">{t.noEffect}</Box>}
        </Column>
        <Column title={t.boundary} term={t.boundaryTerm}>
          <Boundary holder="Role" name={role.name} boundary={role.boundary} />
          {boundary.isError && <Failure error={boundary.error} />}
          {limit !== undefined && boundary.data !== undefined && (
            <PolicyDocument
              key={boundary.data.arn}
              id={`${role.id}/boundary`}
              name={boundary.data.name}
              text={pretty(limit)}
              kind="boundary"
              actions={
                <PageLink to={`/policies/${encodeURIComponent(boundary.data.arn ?? '')}`}>{t.open}</PageLink>
              }
            />
          )}
        </Column>
      </div>
      {held.data !== undefined && (role.boundary === undefined || limit !== undefined) && (
        <Rest texts={saved} />
      )}
    </SpaceBetween>
  )
}

function Column(props: { readonly title: string; readonly term: string; readonly children: ReactNode }) {
  return (
    <Container
      header={
        <Header variant="h2" description={props.term}>
          {props.title}
        </Header>
      }
    >
      <SpaceBetween size="m">{props.children}</SpaceBetween>
    </Container>
  )
}

/** Sets, changes or removes the permissions boundary of a role or user. */
export function Boundary(props: {
  readonly holder: 'Role' | 'User'
  readonly name: string
  readonly boundary: string | undefined
}) {
  const { holder, name, boundary } = props
  const t = useText(roleText)
  const wizard = useText(newRoleText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [chosen, setChosen] = useState<string>()
  const save = async (arn: string) => {
    const who = { [`${holder}Name`]: name }
    if (arn === '') await query('iam', `Delete${holder}PermissionsBoundary`, who)
    else await query('iam', `Put${holder}PermissionsBoundary`, { ...who, PermissionsBoundary: arn })
    await Promise.all([
      client.invalidateQueries({ queryKey: [holder.toLowerCase(), name] }),
      client.invalidateQueries({ queryKey: ['masks'] }),
    ])
    say('success', arn === '' ? t.boundaryRemoved : t.boundarySet)
  }
  return (
    <>
      {boundary === undefined && <Box color="text-status-inactive">{t.noBoundary}</Box>}
      <SpaceBetween direction="horizontal" size="xs">
        <Button onClick={() => setChosen(boundary ?? '')}>
          {boundary === undefined ? t.setBoundary : t.changeBoundary}
        </Button>
      </SpaceBetween>
      {chosen !== undefined && (
        <Dialog
          visible
          title={t.setBoundary}
          submit={t.setBoundary}
          disabled={chosen === (boundary ?? '')}
          onClose={() => setChosen(undefined)}
          onSubmit={() => save(chosen)}
        >
          <FormField label={t.boundaryTerm}>
            <PolicyPicker
              chosen={chosen}
              onChange={setChosen}
              find={wizard.findPolicies}
              none={wizard.noBoundary}
            />
          </FormField>
        </Dialog>
      )}
    </>
  )
}

/** Counts, by service, the actions that are left of the identity policies within the boundary. */
function Rest({ texts }: { readonly texts: RoleTexts }) {
  const t = useText(roleText)
  const rest = useQuery({
    queryKey: ['rest', texts],
    queryFn: () => effectiveRest(texts.identity, texts.boundary),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (rest.isError) return <Failure error={rest.error} />
  return (
    <Container
      header={
        <Header variant="h2" description={t.restHint}>
          {t.rest}
        </Header>
      }
    >
      {rest.data === undefined ? <Spinner /> : <ServiceBars rest={rest.data} none={t.restNone} />}
    </Container>
  )
}
