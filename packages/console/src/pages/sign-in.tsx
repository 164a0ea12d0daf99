import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useEffect, useState } from 'react'
import { identities, SignInError } from '../client/identity.ts'
import { TopBar } from '../components/top-bar.tsx'
import { useText } from '../text/language.ts'
import { signInText } from '../text/sign-in.ts'

/** The sign-in: a one-time link, or account, name, password and MFA code. */
export function SignInPage({ onDone }: { readonly onDone: () => void }) {
  const t = useText(signInText)
  const [kind, setKind] = useState<'user' | 'root'>('user')
  const [fields, setFields] = useState<Readonly<Record<string, string>>>({})
  const [asks, setAsks] = useState<{ readonly mfa?: boolean; readonly newPassword?: boolean }>({})
  const [refusal, setRefusal] = useState('')
  const [busy, setBusy] = useState(false)
  const following = useOneTimeLink(onDone, () => setRefusal(t.linkFailed))

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

  if (following) return <Box padding="xxl">{t.link}</Box>
  return (
    <>
      <TopBar onSearch={() => undefined} />
      <main className="sign-in">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void submit()
          }}
        >
          <Form
            header={<Header variant="h1">{t.title}</Header>}
            actions={
              <Button variant="primary" formAction="submit" loading={busy}>
                {t.submit}
              </Button>
            }
          >
            <SpaceBetween size="l">
              <Box variant="p">{t.story}</Box>
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
                    <Input {...field('account')} autoFocus autoComplete="username" inputMode="text" />
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
      </main>
    </>
  )
}

/** Follows the one-time link of the address, whose token is taken out of it at once. Returns whether one is followed. */
function useOneTimeLink(onDone: () => void, onFailure: () => void): boolean {
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('link'))
  const [following, setFollowing] = useState(token !== null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a link is followed once
  useEffect(() => {
    if (token === null || followed.has(token)) return
    followed.add(token)
    history.replaceState(null, '', location.pathname)
    identities.followLink(token).then(onDone, () => {
      setFollowing(false)
      onFailure()
    })
  }, [])
  return following
}

const followed = new Set<string>()
