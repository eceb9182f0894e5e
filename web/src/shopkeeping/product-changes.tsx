import { useState } from 'react'
import { productOptionsMax, stockQuantityMax, unitPriceMax } from '../../../src/money.ts'
import { answered, api, type Schemas } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Field } from '../parts/field.tsx'
import { useFaultWhenTried } from '../parts/sending.ts'
import { Changing } from './changing.tsx'
import { MoneyField, NumberField } from './number-field.tsx'
import { optionNamesOf } from './option-names.ts'
import { text } from './products-text.ts'
import { wholeNumber } from './whole-number.ts'

type Product = Pick<Schemas['ProductDetail'], 'id' | 'name' | 'basePrice'>
type Option = Schemas['ProductDetail']['options'][number]

/** What administrators change about products: each asks for its reason, and what is wrong is told where it was typed. */

/** Puts a product on sale; `onCreated` gets its number. */
export function NewProduct({ onCreated }: { onCreated(productId: number): void }) {
  const words = useText(text)
  const [name, setName] = useState('')
  const [price, setPrice] = useState('')
  const [options, setOptions] = useState('')
  const basePrice = wholeNumber(price, 0, unitPriceMax)
  const names = optionNamesOf(options)
  return (
    <Changing
      act={words.create}
      title={words.create}
      look="primary"
      incomplete={name.trim() === '' || basePrice === undefined || names.fault !== undefined}
      onAct={async (reason, key) => {
        if (basePrice === undefined) return
        const { id } = await answered(
          api.POST('/products', {
            body: {
              name: name.trim(),
              basePrice,
              options: names.names.map(optionName => ({ optionName })),
              reason,
            },
            headers: { 'Idempotency-Key': key },
          }),
        )
        onCreated(id)
      }}
    >
      <p className="text-sm text-muted">{words.createMore}</p>
      <NameField label={words.name} value={name} maxLength={200} onType={setName} />
      <MoneyField label={words.priceOfNew} value={price} min={0} max={unitPriceMax} onType={setPrice} />
      <OptionNames value={options} fault={names.fault} onType={setOptions} />
    </Changing>
  )
}

function OptionNames({
  value,
  fault,
  onType,
}: {
  value: string
  fault: ReturnType<typeof optionNamesOf>['fault']
  onType(value: string): void
}) {
  const words = useText(text)
  const whenTried = useFaultWhenTried()
  const sentence = fault && words.optionFaults[fault](productOptionsMax)
  return (
    <Field
      label={words.optionNames}
      value={value}
      autoComplete="off"
      placeholder="S, M, L"
      hint={words.optionNamesMore}
      fault={fault === 'NONE' ? whenTried(sentence) : sentence}
      onChange={event => onType(event.target.value)}
    />
  )
}

/** Changes what a product is called and what it costs. */
export function ChangeProduct({ product: { id, name, basePrice } }: { product: Product }) {
  const words = useText(text)
  return (
    <NameAndPrice
      act={words.change}
      title={words.changeOf(name)}
      label={words.newPrice}
      name={name}
      nameLength={200}
      price={basePrice}
      onAct={(newName, newPrice, reason, key) =>
        answered(
          api.PATCH('/products/{id}', {
            params: { path: { id } },
            // What was left as it is may have been changed by somebody else meanwhile.
            body: {
              ...(newName !== name && { name: newName }),
              ...(newPrice !== basePrice && { basePrice: newPrice }),
              reason,
            },
            headers: { 'Idempotency-Key': key },
          }),
        )
      }
    />
  )
}

/** Changes what an option is called and what it costs on top of its product. */
export function ChangeOption({
  productId,
  option: { id, optionName, extraPrice },
}: {
  productId: number
  option: Option
}) {
  const words = useText(text)
  return (
    <NameAndPrice
      act={words.change}
      title={words.changeOf(optionName)}
      label={words.newExtra}
      name={optionName}
      nameLength={50}
      price={extraPrice}
      onAct={(newName, newPrice, reason, key) =>
        answered(
          api.PATCH('/products/{id}/options/{optionId}', {
            params: { path: { id: productId, optionId: id } },
            body: {
              ...(newName !== optionName && { optionName: newName }),
              ...(newPrice !== extraPrice && { extraPrice: newPrice }),
              reason,
            },
            headers: { 'Idempotency-Key': key },
          }),
        )
      }
    />
  )
}

export function AddOption({ product: { id } }: { product: Product }) {
  const words = useText(text)
  return (
    <NameAndPrice
      act={words.addOption}
      title={words.addOption}
      label={words.newExtra}
      name=""
      nameLength={50}
      price={0}
      onAct={(optionName, extraPrice, reason, key) =>
        answered(
          api.POST('/products/{id}/options', {
            params: { path: { id } },
            body: { optionName, extraPrice, reason },
            headers: { 'Idempotency-Key': key },
          }),
        )
      }
    />
  )
}

function NameAndPrice({
  act,
  title,
  label,
  name,
  nameLength,
  price,
  onAct,
}: {
  act: string
  title: string
  /** Of the price. */
  label: string
  name: string
  nameLength: number
  price: number
  onAct(name: string, price: number, reason: string, key: string): Promise<unknown>
}) {
  const words = useText(text)
  const [typedName, setName] = useState(name)
  const [typedPrice, setPrice] = useState(`${price}`)
  const nextName = typedName.trim()
  const nextPrice = wholeNumber(typedPrice, 0, unitPriceMax)
  const isSame = nextName === name && nextPrice === price
  return (
    <Changing
      act={act}
      title={title}
      known={words.problems}
      incomplete={nextName === '' || nextPrice === undefined || isSame}
      onOpen={() => {
        setName(name)
        setPrice(`${price}`)
      }}
      onAct={async (reason, key) => nextPrice !== undefined && onAct(nextName, nextPrice, reason, key)}
    >
      <p className="text-sm text-muted">{words.priceMore}</p>
      <NameField label={words.name} value={typedName} maxLength={nameLength} onType={setName} />
      <MoneyField
        label={label}
        value={typedPrice}
        min={0}
        max={unitPriceMax}
        fault={isSame ? words.nothingChanged : undefined}
        onType={setPrice}
      />
    </Changing>
  )
}

function NameField({
  label,
  value,
  maxLength,
  onType,
}: {
  label: string
  value: string
  maxLength: number
  onType(value: string): void
}) {
  const words = useText(text)
  const whenTried = useFaultWhenTried()
  return (
    <Field
      label={label}
      value={value}
      maxLength={maxLength}
      autoComplete="off"
      fault={value.trim() === '' ? whenTried(words.nameWanted) : undefined}
      onChange={event => onType(event.target.value)}
    />
  )
}

/** Takes units in, or writes them off. */
export function ChangeStock({
  option: { id, optionName },
  by,
}: {
  option: Option
  by: 'restock' | 'write-off'
}) {
  const words = useText(text)
  const [typed, setTyped] = useState('')
  const quantity = wholeNumber(typed, 1, stockQuantityMax)
  const isRestock = by === 'restock'
  return (
    <Changing
      act={isRestock ? words.restock : words.writeOff}
      title={isRestock ? words.restockOf(optionName) : words.writeOffOf(optionName)}
      look={isRestock ? 'plain' : 'danger'}
      known={words.problems}
      incomplete={quantity === undefined}
      onOpen={() => setTyped('')}
      onAct={async (reason, key) =>
        quantity !== undefined &&
        answered(
          api.POST(`/stocks/{productOptionId}/${by}`, {
            params: { path: { productOptionId: id } },
            body: { quantity, reason },
            headers: { 'Idempotency-Key': key },
          }),
        )
      }
    >
      <NumberField label={words.quantity} value={typed} max={stockQuantityMax} onType={setTyped} />
    </Changing>
  )
}
