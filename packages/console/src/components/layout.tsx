import AppLayout from '@cloudscape-design/components/app-layout'
import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar'
import SideNavigation from '@cloudscape-design/components/side-navigation'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { MasksContext, useFetchedMasks } from '../client/masks.ts'
import { useServer } from '../client/server.ts'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { Keyboard } from './keyboard.tsx'
import { useMessages } from './messages.tsx'
import type { NamedPage } from './named-page.ts'
import { useSessionEnded } from './session-ended.tsx'
import { TopBar } from './top-bar.tsx'

interface LayoutProps {
  /** The pages that Search and the navigation show, in their order. */
  readonly pages: readonly NamedPage[]
  readonly children: ReactNode
}

/** The frame around every page of a signed-in user. */
export function Layout({ pages, children }: LayoutProps) {
  const t = useText(shellText)
  const [open, setOpen] = useState(() => innerWidth > 1_000)
  const [palette, setPalette] = useState(false)
  const { items } = useMessages()
  const server = useServer()
  const gone = server.isError && server.error.name === 'Unreachable'
  useReturn(gone)
  const ended = useSessionEnded()
  const notices: FlashbarProps.MessageDefinition[] = [
    ...(gone ? [{ type: 'error' as const, content: t.unreachable, id: 'unreachable' }] : []),
    ...(ended.notice === undefined ? [] : [ended.notice]),
  ]
  return (
    <MasksContext value={useFetchedMasks()}>
      <TopBar onSearch={() => setPalette(true)} />
      <Keyboard pages={pages} palette={palette} onPalette={setPalette} />
      {ended.form}
      <AppLayout
        toolsHide
        headerSelector=".top-bar"
        navigationOpen={open}
        onNavigationChange={({ detail }) => setOpen(detail.open)}
        navigation={<Navigation pages={pages} />}
        notifications={<Flashbar items={[...notices, ...items]} />}
        content={children}
        ariaLabels={{
          navigation: t.navigation,
          navigationToggle: t.openNavigation,
          navigationClose: t.closeNavigation,
        }}
      />
    </MasksContext>
  )
}

/** Says that the server is back, and repeats the requests that failed meanwhile. */
function useReturn(gone: boolean): void {
  const t = useText(shellText)
  const { say } = useMessages()
  const client = useQueryClient()
  const wasGone = useRef(gone)
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is said once, when the server is back
  useEffect(() => {
    if (wasGone.current && !gone) {
      say('success', t.reachable)
      void client.invalidateQueries()
    }
    wasGone.current = gone
  }, [gone])
}

/** The pages that have a group, by group. */
function Navigation({ pages }: Pick<LayoutProps, 'pages'>) {
  const t = useText(shellText)
  const [path, navigate] = useLocation()
  const active = `/_omen/${path.split('/')[1] ?? ''}`
  return (
    <SideNavigation
      activeHref={active}
      items={[...Map.groupBy(pages, ({ group }) => group)].flatMap(([group, pages]) =>
        group === undefined
          ? []
          : {
              type: 'section-group',
              title: t[group],
              items: pages.map(({ path, name }) => ({ type: 'link', href: `/_omen${path}`, text: t[name] })),
            },
      )}
      onFollow={(event) => {
        if (event.detail.external) return
        event.preventDefault()
        navigate(event.detail.href.replace(/^\/_omen/, '') || '/')
      }}
    />
  )
}
