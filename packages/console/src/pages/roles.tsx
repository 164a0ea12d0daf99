import Button from '@cloudscape-design/components/button'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { memo, useCallback, useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { listRoles, type Role } from '../client/iam.ts'
import { type RoleMask, useMasksOf } from '../client/masks.ts'
import { useRoleFacts } from '../client/role-facts.ts'
import { useSessions } from '../client/room.ts'
import { Families } from '../components/families.tsx'
import { ListPage } from '../components/list-page.tsx'
import { Mask } from '../components/mask.tsx'
import { PageLink } from '../components/page-link.tsx'
import { Time } from '../components/time.tsx'
import { useText } from '../text/language.ts'
import { rolesText } from '../text/roles.ts'

/** A role with all that the list filters by. */
interface RoleRow extends Role {
  readonly trusted: readonly RoleMask['wearers'][number][]
  readonly isAdministrator: boolean
  /** Sessions that are active now. */
  readonly sessions: number
  /** For the text filter: `key=value`. */
  readonly tagText: string
}

interface Filter {
  readonly kind: string
  readonly path: string
  readonly tag: string
  readonly used: string
  readonly assumedNow: boolean
}

const none: readonly RoleRow[] = []
const all: Filter = { kind: '', path: '', tag: '', used: '', assumedNow: false }
const kinds = ['account', 'otherAccount', 'service', 'federated', 'anyone', 'administrator'] as const
const day = 86_400_000

/** Every role of the account, as a table or as masks. */
export default function RolesPage() {
  const t = useText(rolesText)
  const [, navigate] = useLocation()
  const [view, setView] = useState<'table' | 'cards'>('table')
  const [filter, setFilter] = useState(all)
  const roles = useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => listRoles(signal) })
  const rows = useRows(roles.data)
  const fits = useCallback((row: RoleRow) => fitsFilter(row, filter), [filter])
  return (
    <SpaceBetween size="l">
      <ListPage<RoleRow>
        title={t.title}
        description={t.description}
        rows={{ ...roles, data: rows } as UseQueryResult<readonly RoleRow[]>} // the same query, with more in each row
        idOf={({ arn }) => arn}
        empty={{ title: t.empty, hint: t.emptyHint }}
        find={t.find}
        actions={
          <Button variant="primary" onClick={() => navigate('/roles/new')}>
            {t.create}
          </Button>
        }
        fits={fits}
        filters={
          <Filters rows={rows ?? none} filter={filter} onChange={setFilter} view={view} onView={setView} />
        }
        {...(view === 'cards' ? { card: (role: RoleRow) => <Card role={role} /> } : {})}
        columns={[
          {
            id: 'name',
            header: t.name,
            sortingField: 'name',
            isRowHeader: true,
            cell: (role) => (
              <span className="with-mask">
                <Mask role={role} size={32} />
                <RoleLink role={role} />
              </span>
            ),
          },
          {
            id: 'trusted',
            header: t.trusted,
            cell: ({ trusted }) => trusted.map((kind) => t.kinds[kind]).join(', '),
          },
          { id: 'path', header: t.path, sortingField: 'path', cell: ({ path }) => path },
          {
            id: 'worn',
            header: t.assumedNow,
            sortingField: 'sessions',
            cell: ({ sessions }) => (sessions === 0 ? t.none : t.sessions(sessions)),
          },
          {
            id: 'lastUsed',
            header: t.lastUsed,
            sortingField: 'lastUsed',
            cell: ({ lastUsed }) => (lastUsed === undefined ? t.none : <Time iso={lastUsed} />),
          },
          {
            id: 'created',
            header: t.created,
            sortingField: 'created',
            cell: ({ created }) => <Time iso={created} />,
          },
        ]}
      />
      {view === 'cards' && <Families />}
    </SpaceBetween>
  )
}

function useRows(roles: readonly Role[] | undefined): readonly RoleRow[] | undefined {
  const masks = useMasksOf(roles)
  const facts = useRoleFacts()
  const sessions = useSessions().data
  return useMemo(() => {
    const byRole = Map.groupBy(sessions ?? [], ({ roleArn }) => roleArn)
    return roles?.map((role): RoleRow => {
      const mask = masks.get(role.id)
      const more = facts.get(role.id)
      return {
        ...role,
        ...(more?.lastUsed === undefined ? {} : { lastUsed: more.lastUsed }),
        trusted: mask?.wearers ?? [],
        isAdministrator: mask?.administrator === true,
        sessions: byRole.get(role.arn)?.length ?? 0,
        tagText: (more?.tags ?? []).map(({ Key, Value }) => `${Key}=${Value}`).join(' '),
        tags: (more?.tags ?? []).map(({ Key, Value }) => ({ key: Key, value: Value })),
      }
    })
  }, [roles, masks, facts, sessions])
}

function fitsFilter(row: RoleRow, { kind, path, tag, used, assumedNow }: Filter): boolean {
  if (kind === 'administrator' && !row.isAdministrator) return false
  if (kind !== '' && kind !== 'administrator' && !row.trusted.some((each) => each === kind)) return false
  if (path !== '' && row.path !== path) return false
  if (tag !== '' && !row.tags.some(({ key, value }) => `${key}=${value}` === tag)) return false
  if (assumedNow && row.sessions === 0) return false
  if (used === '') return true
  if (used === 'never') return row.lastUsed === undefined
  return row.lastUsed !== undefined && Date.parse(row.lastUsed) > Date.now() - Number(used) * day
}

function RoleLink({ role }: { readonly role: Role }) {
  return <PageLink to={`/roles/${encodeURIComponent(role.name)}`}>{role.name}</PageLink>
}

function Card({ role }: { readonly role: RoleRow }) {
  const t = useText(rolesText)
  return (
    <article className="mask-card">
      <Mask role={role} size={96} state={role.sessions > 0 ? 'worn' : 'plain'} />
      <RoleLink role={role} />
      <small>{role.trusted.map((kind) => t.kinds[kind]).join(', ')}</small>
      {role.sessions > 0 && <small>{t.sessions(role.sessions)}</small>}
    </article>
  )
}

interface FiltersProps {
  readonly rows: readonly RoleRow[]
  readonly filter: Filter
  readonly onChange: (filter: Filter) => void
  readonly view: 'table' | 'cards'
  readonly onView: (view: 'table' | 'cards') => void
}

const Filters = memo(function Filters({ rows, filter, onChange, view, onView }: FiltersProps) {
  const t = useText(rolesText)
  const [paths, tags] = useMemo(() => {
    const options = (values: readonly string[]) =>
      [...new Set(values)].sort().map((value) => ({ value, label: value }))
    const tagsOf = ({ tags }: RoleRow) => tags.map(({ key, value }) => `${key}=${value}`)
    return [options(rows.map(({ path }) => path)), options(rows.flatMap(tagsOf))]
  }, [rows])
  const set = (name: keyof Filter) => (value: string) => onChange({ ...filter, [name]: value })
  const used = [
    { value: '1', label: t.days(1) },
    { value: '30', label: t.days(30) },
    { value: '90', label: t.days(90) },
    { value: 'never', label: t.neverUsed },
  ]
  return (
    <>
      <Choice
        label={t.trusted}
        none={t.anyTrust}
        value={filter.kind}
        options={kinds.map((value) => ({ value, label: t.kinds[value] }))}
        onChange={set('kind')}
      />
      <Choice label={t.path} none={t.anyPath} value={filter.path} options={paths} onChange={set('path')} />
      <Choice label={t.tag} none={t.anyTag} value={filter.tag} options={tags} onChange={set('tag')} />
      <Choice label={t.lastUsed} none={t.anyUse} value={filter.used} options={used} onChange={set('used')} />
      <Choice
        label={t.assumedNow}
        none={t.anyAssumed}
        value={filter.assumedNow ? 'yes' : ''}
        options={[{ value: 'yes', label: t.assumedNow }]}
        onChange={(value) => onChange({ ...filter, assumedNow: value !== '' })}
      />
      <SegmentedControl
        label={t.view}
        selectedId={view}
        options={[
          { id: 'table', text: t.table },
          { id: 'cards', text: t.cards },
        ]}
        onChange={({ detail }) => onView(detail.selectedId === 'cards' ? 'cards' : 'table')}
      />
    </>
  )
})

function Choice(props: {
  readonly label: string
  readonly none: string
  readonly value: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly onChange: (value: string) => void
}) {
  const options = [{ value: '', label: props.none }, ...props.options]
  return (
    <Select
      ariaLabel={props.label}
      virtualScroll
      options={options}
      selectedOption={options.find(({ value }) => value === props.value) ?? null}
      onChange={({ detail }) => props.onChange(detail.selectedOption.value ?? '')}
    />
  )
}
