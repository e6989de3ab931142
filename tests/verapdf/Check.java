import java.io.File;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Prints a line for each file and profile: its name, the profile, true or false, and what failed. */
public class Check {
    public static void main(String[] paths) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (String path : paths) {
            for (String[] each : new String[][] {{"ua1", "PDFUA-1"}, {"2a", "PDFA-2A"}}) {
                PDFAFlavour flavour = PDFAFlavour.byFlavourId(each[0]);
                try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(path), flavour)) {
                    ValidationResult result =
                            Foundries.defaultInstance().createValidator(profile(flavour, each[1]), false).validate(parser);
                    StringBuilder failed = new StringBuilder();
                    for (TestAssertion assertion : result.getTestAssertions()) {
                        failed.append(" ").append(assertion.getRuleId().getClause()).append(": ").append(assertion.getMessage());
                    }
                    System.out.println(new File(path).getName() + " " + each[0] + " " + result.isCompliant() + failed);
                }
            }
        }
    }

    /** A profile of the jar, read without JAXB, which Java no longer has. */
    private static ValidationProfile profile(PDFAFlavour flavour, String name) throws Exception {
        Document document;
        try (InputStream stream = Check.class.getClassLoader()
                .getResourceAsStream("org/verapdf/pdfa/validation/" + name + ".xml")) {
            document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(stream);
        }
        Set<Rule> rules = new HashSet<>();
        NodeList nodes = document.getElementsByTagName("rule");
        for (int number = 0; number < nodes.getLength(); number++) {
            Element rule = (Element) nodes.item(number);
            Element id = (Element) rule.getElementsByTagName("id").item(0);
            Boolean deferred = rule.hasAttribute("deferred") ? Boolean.valueOf(rule.getAttribute("deferred")) : null;
            rules.add(Profiles.ruleFromValues(
                    Profiles.ruleIdFromValues(flavour.getPart(), id.getAttribute("clause"),
                            Integer.parseInt(id.getAttribute("testNumber"))),
                    rule.getAttribute("object"), deferred, rule.getAttribute("tags"), text(rule, "description"),
                    text(rule, "test"), Profiles.errorFromValues(text(rule, "message"), new ArrayList<>()),
                    new ArrayList<>()));
        }
        Set<Variable> variables = new HashSet<>();
        nodes = document.getElementsByTagName("variable");
        for (int number = 0; number < nodes.getLength(); number++) {
            Element variable = (Element) nodes.item(number);
            variables.add(Profiles.variableFromValues(variable.getAttribute("name"), variable.getAttribute("object"),
                    text(variable, "defaultValue"), text(variable, "value")));
        }
        return Profiles.profileFromValues(flavour,
                Profiles.profileDetailsFromValues(name, name, "", new Date(0)), "", rules, variables);
    }

    private static String text(Element parent, String tag) {
        NodeList found = parent.getElementsByTagName(tag);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }
}
