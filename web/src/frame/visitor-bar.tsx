import { text as accountText } from '../account/text.ts'
import { Button } from '../parts/button.tsx'
import { useLanguage, useText } from './language.tsx'
import { useMe, useSession } from './settings.ts'
import { text } from './text.ts'
import { useTheme } from './theme.ts'

/** How the visitor sees things, and who they are. */
export function VisitorBar() {
  const words = useText(text)
  const account = useText(accountText)
  const { language, speak } = useLanguage()
  const [theme, setTheme] = useTheme()
  const me = useMe()
  const session = useSession()
  const other = theme === 'dark' ? 'light' : 'dark'
  return (
    <div className="flex flex-wrap items-center gap-1">
      <Button
        look="quiet"
        lang={language === 'en' ? 'ko' : 'en'}
        onClick={() => speak(language === 'en' ? 'ko' : 'en')}
      >
        {language === 'en' ? '한국어' : 'English'}
      </Button>
      <Button look="quiet" aria-label={words[other]} onClick={() => setTheme(other)}>
        <span aria-hidden="true">{theme === 'dark' ? '☀' : '☾'}</span>
      </Button>
      {me !== null && (
        <>
          <span className="px-1 text-sm text-muted">{me.username}</span>
          <Button look="quiet" onClick={() => void session.logOut()}>
            {account.logOut}
          </Button>
        </>
      )}
    </div>
  )
}
