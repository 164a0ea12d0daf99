import { useCollection } from '@cloudscape-design/collection-hooks'
import Box from '@cloudscape-design/components/box'
import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import Pagination from '@cloudscape-design/components/pagination'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import TextFilter from '@cloudscape-design/components/text-filter'
import { useQuery } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { listRoles } from '../client/iam.ts'
import { Failure } from '../components/failure.tsx'
import { Mask } from '../components/mask.tsx'
import { useText } from '../text/language.ts'
import { rolesText } from '../text/roles.ts'

/** Every role of the account. */
export default function RolesPage() {
  const t = useText(rolesText)
  const [, navigate] = useLocation()
  const roles = useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => listRoles(signal) })
  const { items, collectionProps, filterProps, paginationProps } = useCollection(roles.data ?? [], {
    filtering: {
      empty: (
        <Box textAlign="center" padding="l">
          <SpaceBetween size="xs">
            <b>{t.empty}</b>
            <span>{t.emptyHint}</span>
          </SpaceBetween>
        </Box>
      ),
    },
    pagination: { pageSize: 50 },
    sorting: {},
  })
  if (roles.isError) return <Failure error={roles.error} onRetry={() => void roles.refetch()} />
  return (
    <Table
      {...collectionProps}
      variant="full-page"
      loading={roles.isPending}
      items={items}
      trackBy="arn"
      header={
        <Header
          variant="h1"
          counter={roles.data === undefined ? '' : `(${roles.data.length})`}
          description={t.description}
        >
          {t.title}
        </Header>
      }
      filter={<TextFilter {...filterProps} filteringPlaceholder={t.find} filteringAriaLabel={t.find} />}
      pagination={<Pagination {...paginationProps} />}
      columnDefinitions={[
        {
          id: 'name',
          header: t.name,
          sortingField: 'name',
          isRowHeader: true,
          cell: (role) => (
            <span className="with-mask">
              <Mask role={role} size={32} />
              <Link
                href={`/_omen/roles/${encodeURIComponent(role.name)}`}
                onFollow={(event) => {
                  event.preventDefault()
                  navigate(`/roles/${encodeURIComponent(role.name)}`)
                }}
              >
                {role.name}
              </Link>
            </span>
          ),
        },
        { id: 'path', header: t.path, sortingField: 'path', cell: ({ path }) => path },
        {
          id: 'lastUsed',
          header: t.lastUsed,
          sortingField: 'lastUsed',
          cell: ({ lastUsed }) => lastUsed ?? t.none,
        },
      ]}
    />
  )
}
