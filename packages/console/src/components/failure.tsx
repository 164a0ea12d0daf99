import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useLayoutEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { AwsError } from '../client/aws.ts'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { PageLink } from './page-link.tsx'

/** Why something could not be shown or done: AWS's own sentence, and the way to the decision behind it. */
export function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const t = useText(shellText)
  const aws = error instanceof AwsError ? error : undefined
  const name = useNameOfBarePage()
  const retry = onRetry === undefined ? undefined : <Button onClick={onRetry}>{t.retry}</Button>
  const alert = (
    <Alert type="error" header={aws?.isDenial ? t.denied : aws?.title} action={retry}>
      <SpaceBetween size="xs">
        <span className="as-sent" lang="en" dir="auto">
          {error instanceof Error ? error.message : String(error)}
        </span>
        {aws?.decision !== undefined && (
          <PageLink to={`/d/${encodeURIComponent(aws.decision)}`}>{t.why}</PageLink>
        )}
      </SpaceBetween>
    </Alert>
  )
  if (name === undefined) return alert
  return (
    <SpaceBetween size="l">
      <Header variant="h1">
        <span dir="auto">{name}</span>
      </Header>
      {alert}
    </SpaceBetween>
  )
}

/** The last part of the address, where the failure is all that the page shows: the page then still has its heading. */
function useNameOfBarePage(): string | undefined {
  const [path] = useLocation()
  const [isBare, setBare] = useState(false)
  useLayoutEffect(() => setBare(document.querySelector('h1') === null), [])
  return isBare ? decodeURIComponent(path.split('/').at(-1) ?? '') : undefined
}
