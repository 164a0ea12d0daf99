import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import type { WearableRole } from '../client/room.ts'
import type { SwitchCheck } from '../client/switching.ts'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { switchRoleText } from '../text/switch-role.ts'
import { Failure } from './failure.tsx'
import { RoleField } from './role-field.tsx'

interface RoleFormProps {
  readonly title: string
  readonly description: string
  readonly submit: string
  readonly account: string
  readonly roleName: string
  readonly onAccount: (account: string) => void
  readonly onRoleName: (roleName: string) => void
  /** Roles that are suggested. */
  readonly roles: readonly WearableRole[]
  readonly roleHint: string
  /** The principal that asks for the role. */
  readonly asker: string
  readonly useCheck: (account: string, roleName: string) => UseQueryResult<SwitchCheck>
  /** Puts the role on. */
  readonly onSubmit: () => Promise<void>
  readonly notice?: ReactNode
  /** Further fields. */
  readonly children: ReactNode
}

/** The form by which a role is put on: an account and a role, checked before it is asked for. */
export function RoleForm(props: RoleFormProps) {
  const { account, roleName } = props
  const t = useText(switchRoleText)
  const shell = useText(shellText)
  const [, navigate] = useLocation()
  const [refusal, setRefusal] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const submit = async () => {
    setBusy(true)
    setRefusal(undefined)
    try {
      await props.onSubmit()
      navigate('/')
    } catch (error) {
      setRefusal(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Form
        header={
          <Header variant="h1" description={props.description}>
            {props.title}
          </Header>
        }
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button formAction="none" variant="link" onClick={() => navigate('/')}>
              {shell.cancel}
            </Button>
            <Button variant="primary" formAction="submit" loading={busy}>
              {props.submit}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          {refusal !== undefined && <Failure error={refusal} />}
          {props.notice}
          <Container>
            <SpaceBetween size="m">
              <FormField label={t.account} description={t.accountHint}>
                <Input value={account} onChange={({ detail }) => props.onAccount(detail.value)} />
              </FormField>
              <RoleField
                value={roleName}
                onChange={props.onRoleName}
                roles={props.roles}
                hint={props.roleHint}
              />
              <Check account={account} roleName={roleName} name={props.asker} useCheck={props.useCheck} />
              {props.children}
            </SpaceBetween>
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  )
}

interface CheckProps {
  readonly account: string
  readonly roleName: string
  readonly name: string
  readonly useCheck: (account: string, roleName: string) => UseQueryResult<SwitchCheck>
}

/** Shows the outcome before the call. */
function Check({ account, roleName, name, useCheck }: CheckProps) {
  const t = useText(switchRoleText)
  const settled = useSettled(`${account}\n${roleName}`)
  const [asked = '', role = ''] = settled.split('\n')
  const { data, isFetching } = useCheck(asked, role)
  return (
    <FormField label={t.check}>
      <div role="status">
        {isFetching ? (
          <StatusIndicator type="loading">{t.checking}</StatusIndicator>
        ) : data === undefined ? (
          <StatusIndicator type="pending">{t.checkHint}</StatusIndicator>
        ) : data.allowed ? (
          <StatusIndicator type="success">{t.mayWear(name)}</StatusIndicator>
        ) : (
          <>
            <StatusIndicator type="warning">
              {data.needsMfa ? t.needsMfa(name) : t.mayNotWear(name)}
            </StatusIndicator>
            <div className="as-sent" lang="en" dir="auto">
              {data.why}
            </div>
          </>
        )}
      </div>
    </FormField>
  )
}

/** A value that has not changed for a moment: nothing is asked for each key that is pressed. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 300)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
