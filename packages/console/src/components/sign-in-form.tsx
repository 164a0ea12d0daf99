import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header, { type HeaderProps } from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { identities, SignInError } from '../client/identity.ts'
import { useText } from '../text/language.ts'
import { signInText } from '../text/sign-in.ts'

interface SignInFormProps {
  readonly onDone: () => void
  /** Fields that are filled in already. */
  readonly filled?: Readonly<Record<string, string>>
  readonly heading?: HeaderProps['variant']
}

/** Account, name, password and MFA code, as AWS asks for them. */
export function SignInForm({ onDone, filled = {}, heading = 'h1' }: SignInFormProps) {
  const t = useText(signInText)
  const [kind, setKind] = useState<'user' | 'root'>('user')
  const [fields, setFields] = useState<Readonly<Record<string, string>>>(filled)
  const [asks, setAsks] = useState<{ readonly mfa?: boolean; readonly newPassword?: boolean }>({})
  const [refusal, setRefusal] = useState('')
  const [busy, setBusy] = useState(false)

  const field = (name: string) => ({
    value: fields[name] ?? '',
    onChange: ({ detail }: { detail: { value: string } }) => setFields({ ...fields, [name]: detail.value }),
    name,
  })

  const submit = async () => {
    setBusy(true)
    setRefusal('')
    try {
      const { account = '', userName = '', email = '', password = '', mfaCode, newPassword } = fields
      await identities.signIn({
        account,
        ...(kind === 'root' ? { email } : { userName }),
        password,
        ...(mfaCode ? { mfaCode } : {}),
        ...(newPassword ? { newPassword } : {}),
      })
      onDone()
    } catch (error) {
      if (error instanceof SignInError && error.code === 'MfaRequired') setAsks({ ...asks, mfa: true })
      if (error instanceof SignInError && error.code === 'PasswordChangeRequired')
        setAsks({ ...asks, newPassword: true })
      setRefusal(error instanceof Error ? error.message : String(error))
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
        header={<Header variant={heading}>{t.title}</Header>}
        actions={
          <Button variant="primary" formAction="submit" loading={busy}>
            {t.submit}
          </Button>
        }
      >
        <SpaceBetween size="l">
          {heading === 'h1' && <Box variant="p">{t.story}</Box>}
          {refusal !== '' && (
            <Alert type="error">
              <span lang="en">{refusal}</span>
            </Alert>
          )}
          <Container>
            <SpaceBetween size="m">
              <SegmentedControl
                label={t.kind}
                selectedId={kind}
                onChange={({ detail }) => setKind(detail.selectedId === 'root' ? 'root' : 'user')}
                options={[
                  { id: 'user', text: t.user },
                  { id: 'root', text: t.root },
                ]}
              />
              <FormField label={t.account}>
                <Input {...field('account')} autoComplete="username" inputMode="text" />
              </FormField>
              {kind === 'user' ? (
                <FormField label={t.userName}>
                  <Input {...field('userName')} autoComplete={false} />
                </FormField>
              ) : (
                <FormField label={t.email}>
                  <Input {...field('email')} type="email" />
                </FormField>
              )}
              <FormField label={t.password}>
                <Input {...field('password')} type="password" autoComplete="current-password" />
              </FormField>
              {asks.newPassword === true && (
                <FormField label={t.newPassword} description={t.newPasswordHint}>
                  <Input {...field('newPassword')} type="password" autoComplete="new-password" />
                </FormField>
              )}
              <FormField label={t.mfaCode} description={t.mfaHint}>
                <Input {...field('mfaCode')} inputMode="numeric" autoComplete="one-time-code" />
              </FormField>
            </SpaceBetween>
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  )
}
