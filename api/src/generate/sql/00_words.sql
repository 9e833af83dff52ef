-- What the other steps share, for this session alone. Everything is made of a row's number: no clock and no chance is
-- asked, so that the same numbers make the same rows on every machine.

-- The key of a row, as the service makes keys: in the order of the rows, and unlike any other.
CREATE FUNCTION pg_temp.key(kind text, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN overlay(overlay(overlay(md5(kind || number)
  PLACING lpad(to_hex(1767600000000 + number), 12, '0') FROM 1) PLACING '7' FROM 13) PLACING '8' FROM 17)::uuid;

-- When a row was entered: the moment that its key tells.
CREATE FUNCTION pg_temp.entered(number bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '2026-01-05 08:00Z'::timestamptz + number * '1 millisecond'::interval;

-- One of the numbers below `among`, for a row and a purpose.
CREATE FUNCTION pg_temp.pick(purpose text, number bigint, among bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ('x0' || left(md5(purpose || number), 15))::bit(64)::bigint % among;

-- One of the numbers below `among`, of which, where sizes are skewed, the low ones come up far more often.
CREATE FUNCTION pg_temp.favour(purpose text, number bigint, among bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN pg_temp.skewed()
  THEN floor(among * power(pg_temp.pick(purpose, number, 1000000) / 1000000.0::float8, 3))::bigint
  ELSE pg_temp.pick(purpose, number, among) END;

-- Names that nobody has. First names are made of two syllables, last names of a plant and a word that says what they are.
CREATE FUNCTION pg_temp.first_name(number bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ('{Ab,Bel,Cor,Dal,El,Fen,Gar,Hal,Is,Jor,Kel,Lor,Mar,Nel,Or,Per,Quil,Ros,Sel,Tam,Ul,Ver,Wil,Xan,Yol,Zel}'::text[])[
    1 + pg_temp.pick('first', number, 26)]
  || ('{ana,bert,dric,ella,enna,evan,iah,ian,ina,issa,ita,mund,olyn,oria,ric,wen}'::text[])[1 + pg_temp.pick('given', number, 16)];

CREATE FUNCTION pg_temp.plant(purpose text, number bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ('{Acorn,Alder,Almond,Apple,Ash,Aspen,Balsam,Bay,Beech,Birch,Bramble,Briar,Cedar,Cherry,Clover,Cypress,Dogwood,Elder,Elm,'
  'Fennel,Fern,Fig,Fir,Hazel,Heather,Hickory,Holly,Iris,Ivy,Jasmine,Juniper,Larch,Laurel,Lilac,Linden,Lupine,Madrone,Magnolia,'
  'Manzanita,Maple,Mesquite,Mulberry,Myrtle,Nettle,Nutmeg,Oak,Olive,Orchid,Palm,Pecan,Pepper,Pine,Plum,Poplar,Poppy,Quince,'
  'Redwood,Reed,Rosemary,Rowan,Saffron,Sage,Sequoia,Sorrel,Spruce,Sumac,Sycamore,Tamarack,Teasel,Thistle,Thyme,Tulip,Vetch,'
  'Violet,Walnut,Willow,Wisteria,Yarrow,Yew,Yucca,Zinnia}'::text[])[1 + pg_temp.pick(purpose, number, 81)];

CREATE FUNCTION pg_temp.last_name(number bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_temp.plant('plant', number)
  || ('{draft,example,fable,fiction,make,mock,model,pattern,pretend,proto,sample,sketch,specimen,stand,test,trial}'::text[])[
    1 + pg_temp.pick('last', number, 16)];

-- A name as a part of an address.
CREATE FUNCTION pg_temp.slug(name text, number bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(lower(name), '[^a-z0-9]+', '-', 'g') || '-' || number + 1;

-- The organization of a person who is of one.
CREATE FUNCTION pg_temp.organization_of(person bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_temp.key('organization', pg_temp.favour('affiliation', person, pg_temp.organizations()));

-- The first of the people who are of organizations; before them come the sixteen of each district.
CREATE FUNCTION pg_temp.first_of_organizations() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 16 * pg_temp.districts();

-- A moment of a day where convenings take place.
CREATE FUNCTION pg_temp.at(day date, hours numeric) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (day + hours * '1 hour'::interval) AT TIME ZONE 'America/Los_Angeles';
