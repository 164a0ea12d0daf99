import I18nProvider from '@cloudscape-design/components/i18n'
import enMessages from '@cloudscape-design/components/i18n/messages/all.en'
import Spinner from '@cloudscape-design/components/spinner'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useState } from 'react'
import { Route, Router, Switch, useLocation } from 'wouter'
import { AwsError } from './client/aws.ts'
import { identities, useIdentity } from './client/identity.ts'
import { MessagesProvider } from './components/messages.tsx'
import { Shell } from './components/shell.tsx'
import { NotFoundPage } from './pages/not-found.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import { useLanguage, useText } from './text/language.ts'
import { shellText } from './text/shell.ts'

const CreateRolePage = lazy(() => import('./pages/create-role.tsx'))
const EventsPage = lazy(() => import('./pages/events.tsx'))
const GroupPage = lazy(() => import('./pages/group.tsx'))
const GroupsPage = lazy(() => import('./pages/groups.tsx'))
const HomePage = lazy(() => import('./pages/home.tsx'))
const MfaPage = lazy(() => import('./pages/mfa.tsx'))
const OrganizationPage = lazy(() => import('./pages/organization.tsx'))
const PoliciesPage = lazy(() => import('./pages/policies.tsx'))
const PolicyPage = lazy(() => import('./pages/policy.tsx'))
const ProfilesPage = lazy(() => import('./pages/profiles.tsx'))
const ProvidersPage = lazy(() => import('./pages/providers.tsx'))
const RolePage = lazy(() => import('./pages/role.tsx'))
const PathsPage = lazy(() => import('./pages/paths.tsx'))
const PassPage = lazy(() => import('./pages/pass.tsx'))
const SessionsPage = lazy(() => import('./pages/sessions.tsx'))
const StreamPage = lazy(() => import('./pages/stream.tsx'))
const TryPage = lazy(() => import('./pages/try.tsx'))
const WhyPage = lazy(() => import('./pages/why.tsx'))
const TrailPage = lazy(() => import('./pages/trail.tsx'))
const TrailsPage = lazy(() => import('./pages/trails.tsx'))
const WorkloadsPage = lazy(() => import('./pages/workloads.tsx'))
const UserPage = lazy(() => import('./pages/user.tsx'))
const UsersPage = lazy(() => import('./pages/users.tsx'))
const RolesPage = lazy(() => import('./pages/roles.tsx'))
const ChainRolePage = lazy(() => import('./pages/chain-role.tsx'))
const SettingsPage = lazy(() => import('./pages/settings.tsx'))
const SwitchRolePage = lazy(() => import('./pages/switch-role.tsx'))

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
      <Shell>
        <Suspense fallback={<Spinner size="large" aria-label={t.loading} />}>
          <Switch>
            <Route path="/" component={HomePage} />
            <Route path="/roles" component={RolesPage} />
            <Route path="/roles/new" component={CreateRolePage} />
            <Route path="/roles/:name" component={RolePage} />
            <Route path="/users" component={UsersPage} />
            <Route path="/users/:name" component={UserPage} />
            <Route path="/groups" component={GroupsPage} />
            <Route path="/groups/:name" component={GroupPage} />
            <Route path="/providers" component={ProvidersPage} />
            <Route path="/mfa" component={MfaPage} />
            <Route path="/profiles" component={ProfilesPage} />
            <Route path="/organization" component={OrganizationPage} />
            <Route path="/workloads" component={WorkloadsPage} />
            <Route path="/trails" component={TrailsPage} />
            <Route path="/trails/:name" component={TrailPage} />
            <Route path="/settings" component={SettingsPage} />
            <Route path="/policies" component={PoliciesPage} />
            <Route path="/policies/:arn" component={PolicyPage} />
            <Route path="/switchrole" component={SwitchRolePage} />
            <Route path="/switchrole/chain" component={ChainRolePage} />
            <Route path="/events" component={EventsPage} />
            <Route path="/d/:id" component={WhyPage} />
            <Route path="/sessions" component={SessionsPage} />
            <Route path="/try" component={TryPage} />
            <Route path="/pass" component={PassPage} />
            <Route path="/paths" component={PathsPage} />
            <Route path="/stream" component={StreamPage} />
            <Route component={NotFoundPage} />
          </Switch>
        </Suspense>
      </Shell>
    </QueryClientProvider>
  )
}
