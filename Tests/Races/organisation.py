"""A company that may invoice, with one client, made as its owner would in the browser."""

from visitor import Visitor

EMAIL = "owner@altavista.example"
PASSWORD = "correct horse battery staple"
COMPANY = {
    "siren": "732829320", "vat_number": "FR44732829320", "street": "12 quai Perrache",
    "postal_code": "69002", "city": "Lyon",
}
CLIENT = {
    "name": "Menuiserie Aubrac", "siren": "552100554", "street": "14 rue des Artisans",
    "postal_code": "69100", "city": "Villeurbanne",
}


def set_up(program):
    """Answers the client's id."""
    owner = Visitor(program.port)
    page = owner.get(program.first_start_path())
    action = "/welcome"
    page = owner.submit(
        page, action, organisation="Alta Vista Drones", name="Claire Monnier", email=EMAIL,
        password=PASSWORD)
    for step, fields in (("company", COMPANY), ("vat", {}), ("bank", {})):
        page = owner.submit(owner.get(f"/setup/{step}"), f"/setup/{step}", **fields)
        expect(page, 200)
    owner.follow(owner.post("/setup/finish", page.form("/setup/finish")))
    answer = owner.post("/clients", {**owner.get("/clients/new").form("/clients"), **CLIENT})
    expect(answer, 303)
    owner.close()
    return answer.location.rsplit("/", 1)[1]


def sign_in(program):
    """A session of its own; answers its cookies."""
    visitor = Visitor(program.port)
    expect(visitor.submit(
        visitor.get("/sign-in"), "/sign-in", email=EMAIL, password=PASSWORD), 200)
    visitor.close()
    return visitor.cookies


def expect(answer, status):
    if answer.status != status:
        raise AssertionError(f"{answer.status} rather than {status}: {answer.complaint()}")
