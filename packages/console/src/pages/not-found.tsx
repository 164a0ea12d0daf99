import Box from '@cloudscape-design/components/box'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'

export function NotFoundPage() {
  const t = useText(shellText)
  return (
    <Box padding="xxl" textAlign="center">
      <Box variant="h1">{t.notFound}</Box>
      <Box variant="p">{t.notFoundHint}</Box>
    </Box>
  )
}
