import '../ask.css'
import Alert from '@cloudscape-design/components/alert'
import Autosuggest from '@cloudscape-design/components/autosuggest'
import Box from '@cloudscape-design/components/box'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { omen } from '../client/aws.ts'
import type { Question } from '../client/decisions.ts'
import { useIdentity } from '../client/identity.ts'
import { usePrincipals } from '../client/names.ts'
import { Failure } from '../components/failure.tsx'
import { Mask } from '../components/mask.tsx'
import { PageLink } from '../components/page-link.tsx'
import { RolePowers } from '../components/role-powers.tsx'
import { Sign, YesOrNo } from '../components/sign.tsx'
import { askText } from '../text/ask.ts'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { whyText } from '../text/why.ts'

interface Matrix {
  readonly services: readonly string[]
  readonly roles: readonly {
    readonly name: string
    readonly id: string
    readonly cells: readonly { readonly mayPass: boolean; readonly trusts: boolean }[]
  }[]
  readonly beyond: number
}

/** The table of who may hand which role to which service: both halves of the check, for all roles at once. */
export default function PassPage() {
  const t = useText(askText)
  const shell = useText(shellText)
  const identity = useIdentity()
  const principals = usePrincipals()
  const [params, setParams] = useSearchParams()
  const who = params.get('who') ?? whoIs(identity?.arn ?? '')
  const [typed, setTyped] = useState(who)
  const [find, setFind] = useState(params.get('find') ?? '')
  const [chosen, setChosen] = useState<{ readonly role: string; readonly service: string }>()
  const matrix = useQuery({
    queryKey: ['pass', who, find],
    queryFn: ({ signal }) => omen<Matrix>('POST', '/_omen/api/pass', { who, find }, { signal }),
    placeholderData: keepPreviousData,
    enabled: who !== '',
  })
  const choose = (value: string) => {
    setChosen(undefined)
    setParams({ who: value }, { replace: true })
  }
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t.passDescription}>
        {t.passTitle}
      </Header>
      <ColumnLayout columns={2}>
        <FormField label={t.as} description={t.whoHint}>
          <Autosuggest
            value={typed}
            onChange={({ detail }) => setTyped(detail.value)}
            onSelect={({ detail }) => choose(detail.value)}
            onBlur={() => choose(typed)}
            options={principals.map((value) => ({ value }))}
            enteredTextLabel={(text) => text}
            virtualScroll
          />
        </FormField>
        <FormField label={t.findRole}>
          <Input type="search" value={find} onChange={({ detail }) => setFind(detail.value)} />
        </FormField>
      </ColumnLayout>
      {matrix.isError && <Failure error={matrix.error} />}
      {matrix.isPending && who !== '' && <Spinner aria-label={shell.loading} />}
      {matrix.data !== undefined && (
        <>
          <ul className="legend">
            {states.map((state) => (
              <li key={state}>
                <Sign name={signs[state]} /> {t[state]}
              </li>
            ))}
          </ul>
          <div className="matrix-box">
            <table className="matrix">
              <thead>
                <tr>
                  <th scope="col">{t.role}</th>
                  {matrix.data.services.map((service) => (
                    <th scope="col" key={service} lang="en" title={service}>
                      {service.replace('.amazonaws.com', '')}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {matrix.data.roles.map((role) => (
                  <tr key={role.id}>
                    <th scope="row">
                      <span className="with-mask">
                        <Mask role={role} size={28} />
                        <PageLink to={`/roles/${encodeURIComponent(role.name)}`}>{role.name}</PageLink>
                      </span>
                    </th>
                    {role.cells.map((cell, index) => {
                      const service = matrix.data.services[index] ?? ''
                      const state = stateOf(cell)
                      return (
                        <td key={service}>
                          <button
                            type="button"
                            className={`cell cell-${state}`}
                            aria-pressed={chosen?.role === role.name && chosen.service === service}
                            aria-label={`${t.cell(role.name, service)}: ${t[state]}`}
                            onClick={() => setChosen({ role: role.name, service })}
                          >
                            <Sign name={signs[state]} />
                          </button>
                        </td>
                      )
                    })}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {matrix.data.roles.length === 0 && <Box textAlign="center">{t.noRoles}</Box>}
          {matrix.data.beyond > 0 && <Box>{t.more(matrix.data.beyond)}</Box>}
        </>
      )}
      {chosen !== undefined && <Cell key={`${chosen.role} ${chosen.service}`} who={who} {...chosen} />}
    </SpaceBetween>
  )
}

const states = ['both', 'passOnly', 'trustOnly', 'neither'] as const
const signs = { both: 'yes', passOnly: 'firstHalf', trustOnly: 'secondHalf', neither: 'absent' } as const

function stateOf({ mayPass, trusts }: { readonly mayPass: boolean; readonly trusts: boolean }) {
  if (mayPass) return trusts ? 'both' : 'passOnly'
  return trusts ? 'trustOnly' : 'neither'
}

type Half = Question & { readonly id: string }

interface Gain {
  readonly administrator: boolean
  readonly calls: readonly { readonly action: string; readonly allowed: boolean }[]
  readonly beyond: number
}

/** Both halves for one role and one service, each with its decision, and what the holder could gain. */
function Cell({
  who,
  role,
  service,
}: {
  readonly who: string
  readonly role: string
  readonly service: string
}) {
  const t = useText(askText)
  const body = { who, role, service }
  const halves = useQuery({
    queryKey: ['pass halves', body],
    queryFn: ({ signal }) =>
      omen<{ callerHalf: Half; roleHalf: Half; allowed: boolean }>('POST', '/_omen/pass', body, { signal }),
  })
  const gain = useQuery({
    queryKey: ['pass gain', body],
    queryFn: ({ signal }) => omen<Gain>('POST', '/_omen/api/pass/gain', body, { signal }),
  })
  const may = gain.data?.calls.filter(({ allowed }) => allowed) ?? []
  return (
    <Container header={<Header variant="h2">{t.cell(role, service)}</Header>}>
      <SpaceBetween size="m">
        {halves.isError && <Failure error={halves.error} />}
        {halves.data !== undefined && (
          <ColumnLayout columns={2}>
            <HalfOf title={t.mayPass} half={halves.data.callerHalf} />
            <HalfOf title={t.trusts} half={halves.data.roleHalf} />
          </ColumnLayout>
        )}
        {gain.data !== undefined && halves.data !== undefined && (
          <div>
            <Box variant="h3">{t.gain}</Box>
            {!halves.data.allowed ? (
              <p>{t.gainHalf}</p>
            ) : (
              <>
                <p>{may.length > 0 ? t.gainAll(who, role) : t.gainNone(who)}</p>
                <ul lang="en">
                  {(may.length > 0 ? may : gain.data.calls).map(({ action, allowed }) => (
                    <li key={action}>
                      <YesOrNo yes={allowed} /> {action}
                    </li>
                  ))}
                </ul>
              </>
            )}
            {gain.data.administrator && <Alert type="warning">{t.administrator}</Alert>}
          </div>
        )}
        {halves.data?.allowed === true && <RolePowers name={role} />}
        <PageLink to={`/roles/${encodeURIComponent(role)}`}>{t.openRole}</PageLink>
      </SpaceBetween>
    </Container>
  )
}

function HalfOf({ title, half }: { readonly title: string; readonly half: Half }) {
  const why = useText(whyText)
  const isAllowed = half.outcome === 'allowed'
  return (
    <div>
      <Box variant="h3">{title}</Box>
      <p>
        <YesOrNo yes={isAllowed} /> {isAllowed ? why.allowed : why.denied}
      </p>
      {half.sentence !== '' && (
        <p className="as-sent" lang="en" dir="auto">
          {half.sentence}
        </p>
      )}
      <PageLink to={`/d/${half.id}`}>{why.title}</PageLink>
    </div>
  )
}

/** How `/_omen/pass` names a principal of the account. */
function whoIs(arn: string): string {
  const [, kind = '', name = ''] = /:(user|assumed-role)\/([^/]+)/.exec(arn) ?? []
  if (arn.endsWith(':root')) return 'root'
  return kind === 'user' ? `user/${arn.slice(arn.lastIndexOf('/') + 1)}` : `role/${name}`
}
