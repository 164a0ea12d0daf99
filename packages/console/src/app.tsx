import I18nProvider from '@cloudscape-design/components/i18n'
import enMessages from '@cloudscape-design/components/i18n/messages/all.en'
import Spinner from '@cloudscape-design/components/spinner'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { Suspense, useEffect, useState } from 'react'
import { Route, Router, Switch, useLocation } from 'wouter'
import { AwsError } from './client/aws.ts'
import { identities, useIdentity } from './client/identity.ts'
import { Layout } from './components/layout.tsx'
import { MessagesProvider } from './components/messages.tsx'
import { NotFoundPage } from './pages/not-found.tsx'
import { pages } from './pages/pages.ts'
import { SignInPage } from './pages/sign-in.tsx'
import { useLanguage, useText } from './text/language.ts'
import { shellText } from './text/shell.ts'

const namedPages = pages.filter((page) => page.name !== undefined)

/** All fetched data belongs to one identity: a switch discards it. */
function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (count, error) => !(error instanceof AwsError) && count < 3,
      },
    },
  })
}

export function App() {
  const lang = useLanguage()
  const [messages, setMessages] = useState([enMessages])
  useEffect(() => {
    if (lang === 'ja')
      void import('@cloudscape-design/components/i18n/messages/all.ja').then((ja) =>
        setMessages([enMessages, ja.default]),
      )
  }, [lang])
  return (
    <I18nProvider locale={lang} messages={messages}>
      <Router base="/_omen">
        <MessagesProvider>
          <Entrance />
        </MessagesProvider>
      </Router>
    </I18nProvider>
  )
}

/** Shows the sign-in until a user is signed in, then the page that the address names. */
function Entrance() {
  const identity = useIdentity()
  const t = useText(shellText)
  const [path, navigate] = useLocation()
  const asksAnew = path === '/signin'
  const [ready, setReady] = useState(identity !== undefined || asksAnew)
  useEffect(() => {
    if (!ready) void identities.adopt().finally(() => setReady(true))
  }, [ready])
  if (!ready)
    return (
      <div className="centered">
        <Spinner size="large" />
        <span className="visually-hidden">{t.loading}</span>
      </div>
    )
  if (identity === undefined || asksAnew)
    return <SignInPage onDone={() => (asksAnew ? navigate('/', { replace: true }) : undefined)} />
  // a session that is renewed, or signed in again, keeps the page and what was typed into it
  return <SignedIn key={identity.arn} session={identity.credentials.accessKeyId} />
}

function SignedIn({ session }: { readonly session: string }) {
  const [client] = useState(newQueryClient)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new session may see what the last one could not
  useEffect(() => void client.invalidateQueries(), [client, session])
  const t = useText(shellText)
  return (
    <QueryClientProvider client={client}>
      <Layout pages={namedPages}>
        <Suspense fallback={<Spinner size="large" aria-label={t.loading} />}>
          <Switch>
            {pages.map(({ path, shows }) => (
              <Route key={path} path={path} component={shows} />
            ))}
            <Route component={NotFoundPage} />
          </Switch>
        </Suspense>
      </Layout>
    </QueryClientProvider>
  )
}
