import AppLayout from '@cloudscape-design/components/app-layout'
import Flashbar from '@cloudscape-design/components/flashbar'
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation'
import { type ReactNode, useState } from 'react'
import { useLocation } from 'wouter'
import { useServer } from '../client/server.ts'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { useMessages } from './messages.tsx'
import { TopBar } from './top-bar.tsx'

/** The frame around every page that somebody who is signed in sees. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const t = useText(shellText)
  const [open, setOpen] = useState(() => innerWidth > 1_000)
  const { items } = useMessages()
  const server = useServer()
  const gone = server.isError && server.error.name === 'Unreachable'
  const notices = gone ? [{ type: 'error' as const, content: t.unreachable, id: 'unreachable' }] : []
  return (
    <>
      <TopBar onSearch={() => undefined} />
      <AppLayout
        toolsHide
        headerSelector=".top-bar"
        navigationOpen={open}
        onNavigationChange={({ detail }) => setOpen(detail.open)}
        navigation={<Navigation />}
        notifications={<Flashbar items={[...notices, ...items]} />}
        content={children}
        ariaLabels={{
          navigation: t.navigation,
          navigationToggle: t.openNavigation,
          navigationClose: t.closeNavigation,
        }}
      />
    </>
  )
}

function Navigation() {
  const t = useText(shellText)
  const [path, navigate] = useLocation()
  const link = (href: string, text: string): SideNavigationProps.Link => ({
    type: 'link',
    href: `/_omen${href}`,
    text,
  })
  const group = (text: string, items: SideNavigationProps.Link[]): SideNavigationProps.Item => ({
    type: 'section-group',
    title: text,
    items,
  })
  const active = `/_omen/${path.split('/')[1] ?? ''}`
  return (
    <SideNavigation
      activeHref={active}
      items={[
        group(t.groupNow, [link('/', t.home)]),
        group(t.groupIdentities, [link('/roles', t.roles), link('/users', t.users)]),
      ]}
      onFollow={(event) => {
        if (event.detail.external) return
        event.preventDefault()
        navigate(event.detail.href.replace(/^\/_omen/, '') || '/')
      }}
    />
  )
}
