import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type SubmitEvent, useState } from 'react'
import { Problem, type Schemas } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Button, ButtonLink } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { Money } from '../parts/money.tsx'
import { Failed, Loading, Notice } from '../parts/notice.tsx'
import { Page } from '../parts/sheet.tsx'
import { quantityMax } from './cart.ts'
import { ProductPicture } from './product-picture.tsx'
import { productQuery } from './shop-queries.ts'
import { text } from './text.ts'
import { useCart } from './use-cart.ts'

type Option = Schemas['ProductDetail']['options'][number]

/** One product: its options with what is left of each, and the way into the cart. */
export function ProductPage() {
  const words = useText(text)
  const { id } = useParams({ from: '/shop/products/$id' })
  const product = useQuery(productQuery(Number(id)))
  if (product.isPending) return <Loading />
  if (product.isError) {
    const isMissing = product.error instanceof Problem && [400, 404].includes(product.error.status)
    return (
      <Page title={words.products}>
        {isMissing ? (
          <Notice
            sign="∅"
            title={words.noSuchProduct}
            actions={<ButtonLink to="/shop">{words.toShop}</ButtonLink>}
          >
            {words.noSuchProductMore}
          </Notice>
        ) : (
          <Failed error={product.error} />
        )}
      </Page>
    )
  }
  const { name, basePrice } = product.data
  return (
    <Page title={name} lead={<Money amount={basePrice} />}>
      <div className="grid gap-6 md:grid-cols-2">
        <ProductPicture
          id={product.data.id}
          name={name}
          className="aspect-square rounded-2xl border border-line"
        />
        <Chooser product={product.data} />
      </div>
    </Page>
  )
}

function Chooser({ product }: { product: Schemas['ProductDetail'] }) {
  const words = useText(text)
  const { add } = useCart()
  const available = product.options.find(({ stock }) => stock > 0)
  const [chosen, choose] = useState(available?.id)
  const [added, setAdded] = useState<string>()
  const option = product.options.find(({ id }) => id === chosen)

  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    if (option === undefined) return
    const quantity = Number(new FormData(event.currentTarget).get('quantity'))
    add({ productId: product.id, productOptionId: option.id, quantity })
    setAdded(`${product.name} ${option.optionName}`)
  }

  return (
    <form className="space-y-5" onSubmit={submit}>
      <fieldset className="space-y-2">
        <legend className="mb-1 font-semibold">{words.option}</legend>
        {product.options.map(each => (
          <label
            key={each.id}
            className="flex cursor-pointer items-center gap-3 rounded-xl border border-line bg-sheet px-4 py-3 has-checked:border-accent has-checked:bg-accent-soft has-disabled:cursor-not-allowed has-disabled:bg-paper"
          >
            <input
              type="radio"
              name="option"
              value={each.id}
              checked={each.id === chosen}
              disabled={each.stock === 0}
              onChange={() => choose(each.id)}
              className="size-4 accent-accent"
            />
            <span className="font-medium">{each.optionName}</span>
            <span className="ml-auto text-right">
              <span className="block font-semibold">
                <Money amount={product.basePrice + each.extraPrice} />
              </span>
              <Stock option={each} />
            </span>
          </label>
        ))}
      </fieldset>
      <div className="flex items-end gap-3">
        <div className="w-24">
          <Field
            label={words.quantity}
            name="quantity"
            type="number"
            required
            min={1}
            max={Math.min(quantityMax, option?.stock ?? 1)}
            defaultValue={1}
          />
        </div>
        <Button
          look="primary"
          type="submit"
          className="flex-1"
          disabled={option === undefined || option.stock === 0}
        >
          {option === undefined || option.stock === 0 ? words.soldOut : words.addToCart}
        </Button>
      </div>
      <div role="status" className="min-h-10">
        {added !== undefined && (
          <p className="flex flex-wrap items-center justify-between gap-2 rounded-xl bg-good-soft px-4 py-2 text-good">
            <span>
              <span aria-hidden="true">✓ </span>
              {words.added(added)}
            </span>
            <ButtonLink to="/shop/cart">{words.toCart}</ButtonLink>
          </p>
        )}
      </div>
    </form>
  )
}

function Stock({ option: { stock } }: { option: Option }) {
  const words = useText(text)
  const few = stock > 0 && stock <= 5
  return (
    <span className={`text-sm ${few || stock === 0 ? 'text-undo' : 'text-muted'}`}>
      {stock === 0 ? words.soldOut : few ? words.fewLeft(stock) : words.inStock(stock)}
    </span>
  )
}
