import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import { useEffect, useState } from 'react'
import { identities } from '../client/identity.ts'
import { SignInForm } from '../components/sign-in-form.tsx'
import { TopBar } from '../components/top-bar.tsx'
import { useText } from '../text/language.ts'
import { signInText } from '../text/sign-in.ts'

/** The sign-in: a one-time link, or account, name, password and MFA code. */
export function SignInPage({ onDone }: { readonly onDone: () => void }) {
  const t = useText(signInText)
  const [failed, setFailed] = useState(false)
  const following = useOneTimeLink(onDone, () => setFailed(true))
  if (following) return <Box padding="xxl">{t.link}</Box>
  return (
    <>
      <TopBar />
      <main className="sign-in">
        {failed && <Alert type="error">{t.linkFailed}</Alert>}
        <SignInForm onDone={onDone} />
        <Box padding={{ top: 'm' }} color="text-body-secondary">
          {t.command} <Box variant="code">omen console</Box>
        </Box>
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
